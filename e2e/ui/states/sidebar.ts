import type { Page } from '@playwright/test';
import type { Texts } from '../../../src/i18n/texts.ts';
import { awake, idOf, messageOf, minutesAgo, usageRows } from '../scenes.ts';
import { open, type Scene, showSidebar, type Words } from './scene.ts';

const search = async (page: Page, t: Texts, text: string) => {
  await showSidebar(page, t);
  await page.getByRole('searchbox').fill(text);
  await page.locator('.search-status').filter({ hasNotText: t.search.searching }).waitFor();
};

/** The list of conversations, what is done to them, and what is told at the page's edge. */
export function sidebarScenes({ ko, rows, ask }: Words): Scene[] {
  const { conversations = [] } = rows;
  return [
    {
      scene: 'search',
      path: open,
      given: rows,
      act: (page, t) => search(page, t, ko ? '월요일' : 'monday'),
      isMain: true,
    },
    {
      scene: 'search-failed',
      path: open,
      given: { ...rows, failing: ['searchMessages'] },
      act: (page, t) => search(page, t, ko ? '고양이' : 'cat'),
    },
    {
      scene: 'undo',
      path: open,
      given: {
        ...rows,
        conversations: conversations.map((each, n) => ({
          ...each,
          pinnedAt: n === 3 ? each.createdAt : null,
        })),
      },
      act: async (page, t) => {
        await showSidebar(page, t);
        const menu = page.locator('.conversation').nth(2).getByRole('button');
        await page.locator('.conversation').nth(2).hover();
        await menu.click();
        await page.getByRole('menuitem', { name: t.conversations.delete }).click();
        await page.locator('.conversation').first().hover();
        await page.locator('.conversation').first().getByRole('button').click();
      },
    },
    {
      scene: 'conversation-menu',
      path: open,
      given: rows,
      act: async (page, t) => {
        await showSidebar(page, t);
        await page.locator('.conversation').first().hover();
        await page.locator('.conversation').first().getByRole('button').click();
      },
    },
    {
      scene: 'agent-menu',
      path: open,
      given: { ...rows, agent: { ...awake, keepAwakeUntil: minutesAgo(-150) } },
      act: (page) => page.locator('.agent-chip').click(),
    },
    {
      scene: 'month-cost',
      path: open,
      given: { ...rows, usage: usageRows() },
      act: async (page, t) => {
        await showSidebar(page, t);
        await page.locator('.sidebar-cost').waitFor();
      },
    },
    {
      scene: 'news',
      path: open,
      given: rows,
      act: async (page) => {
        const elsewhere = { conversationId: idOf(2), status: 'answered' } as const;
        const answered = messageOf(40, ask, ko ? '네.' : 'Yes.', elsewhere);
        const failed = messageOf(41, ask, '', { conversationId: idOf(3), status: 'failed' });
        await page.evaluate(
          (rows) => {
            for (const message of rows)
              window.ui.api.emit({
                kind: 'message.finished',
                conversationId: message.conversationId,
                messageId: message.id,
                message,
              });
            window.ui.api.emit({
              kind: 'message.approval',
              conversationId: '0199a000-0000-7000-8000-000000000004',
              messageId: '0199a000-0000-7000-8000-0000000000ff',
              attempt: 1,
              approval: { id: 'a', command: 'ls', requestedAt: new Date().toISOString() },
            });
          },
          [answered, failed],
        );
        await page.locator('.notice').nth(2).waitFor();
      },
    },
    {
      scene: 'exporting',
      path: open,
      given: rows,
      act: async (page, t) => {
        await page.evaluate(() => {
          const listed = window.ui.api.listMessages;
          window.ui.api.listMessages = async (id, token, limit) => {
            if (token === 'next') return new Promise(() => {});
            return { ...(await listed(id, token, limit)), nextToken: 'next' };
          };
        });
        await showSidebar(page, t);
        await page.locator('.conversation').first().hover();
        await page.locator('.conversation').first().getByRole('button').click();
        await page.getByRole('menuitem', { name: t.history.asMarkdown }).click();
        await page.locator('.notice-progress').waitFor();
      },
    },
  ];
}
