import type { Page } from '@playwright/test';
import type { Attachment } from '../../amplify/core/attachment.ts';
import type { Message, ToolCard } from '../../amplify/core/message.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { dataTexts } from '../../src/settings/data-texts.ts';
import {
  awake,
  conversationOf,
  type Given,
  idOf,
  messageOf,
  minutesAgo,
  someConversations,
  usageRows,
  waking,
} from './scenes.ts';

/** A state of a page for people to look at. */
export interface Scene {
  scene: string;
  path: string;
  given: Given;
  /** One of the main ones, whose pictures are kept. */
  isMain?: boolean;
  /** What is done before the picture. */
  act?(page: Page, t: Texts): Promise<unknown>;
}

const chooseState = async (page: Page, t: Texts) => {
  const buffer = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...Buffer.alloc(64 * 1024)]);
  await page
    .locator('.state-import input')
    .setInputFiles([{ name: 'openclaw-2026-11-26-10-05.tar.zst', mimeType: 'application/zstd', buffer }]);
  await page.getByText(t.settings.memory.import.trust).waitFor();
};

const open = `/c/${idOf(1)}`;
const narrow = (page: Page) => (page.viewportSize()?.width ?? 0) < 832;

const long = {
  en: 'A title that goes on and on, because somebody pasted the whole of a question into it and never shortened it',
  ko: '누군가 질문 전체를 붙여 넣고 줄이지 않아서 끝없이 이어지는 아주 긴 대화 제목입니다. 어디까지 이어질까요',
};
const address = `https://example.com/${'a-path-without-any-break/'.repeat(8)}?q=${'x'.repeat(120)}`;

const file = (n: number, name: string, type: string, size: number): Attachment => ({
  id: idOf(500 + n),
  name,
  type,
  size,
});
const report = file(
  1,
  'Quarterly report, second draft, with all the comments of the finance team.pdf',
  'application/pdf',
  2_482_000,
);
const picture = file(2, '강릉 바다.png', 'image/png', 482_000);
const list = file(3, 'largest.txt', 'text/plain', 812);

const tool = (n: number, status: ToolCard['status'], title: string, output?: string): ToolCard => ({
  id: `t${n}`,
  name: ['exec', 'read', 'web_fetch'][n % 3] ?? 'exec',
  title,
  status,
  at: 0,
  input: title,
  startedAt: minutesAgo(3),
  ...(status === 'running' ? {} : { finishedAt: minutesAgo(2.9 - n / 10) }),
  ...(output ? { output } : {}),
});

const working: Partial<Message> = { status: 'working', finishedAt: null, usage: null, model: null };

/** The states of the app, in one language. */
export function scenesOf(language: 'en' | 'ko'): Scene[] {
  const ko = language === 'ko';
  const rows = someConversations(language);
  const { conversations = [], messages = [] } = rows;
  const chat = (...more: Message[]): Given => ({ ...rows, messages: [...messages.slice(0, 1), ...more] });
  const ask = ko ? '지금도 잘 돌아가?' : 'Is it still running well?';
  const withFiles: Given = {
    ...rows,
    messages: [
      messageOf(1, ask, ko ? '여기 있습니다.' : 'Here you are.', {
        attachments: [report, picture],
        files: [list],
      }),
      messageOf(2, '', ko ? '잘 보입니다.' : 'I see it.', { attachments: [picture] }),
      messageOf(3, ask, ko ? '네.' : 'Yes.', { attachments: [{ ...list, deletedAt: minutesAgo(1) }] }),
    ],
  };
  const period = new Date().toISOString().slice(0, 10);
  const spent = (micros: number) => [
    {
      period: period.slice(0, 7),
      counted: micros,
      [`counted${period.slice(8)}`]: micros,
      [`model${period.slice(8)}`]: micros,
    },
  ];
  const settings = (given: object) => ({ settings: { settings: given, revision: 1 } });
  const search = async (page: Page, t: Texts, text: string) => {
    if (narrow(page)) await page.getByRole('button', { name: t.conversations.open }).click();
    await page.getByRole('searchbox').fill(text);
    await page.locator('.search-status').filter({ hasNotText: t.search.searching }).waitFor();
  };

  return [
    { scene: 'first-run', path: '/', given: { agent: null }, isMain: true },
    { scene: 'chat', path: open, given: rows, isMain: true },
    {
      scene: 'waking',
      path: open,
      given: {
        ...rows,
        agent: waking,
        messages: [...messages, messageOf(3, ask, '', { status: 'queued', epoch: null })],
      },
      isMain: true,
    },
    {
      scene: 'approval',
      path: open,
      given: chat(
        messageOf(2, ask, ko ? '먼저 살펴보겠습니다.' : 'Let me look first.', {
          ...working,
          tools: [
            tool(1, 'done', 'reports/largest.txt', '2.1G'),
            tool(2, 'failed', 'https://example.com/status'),
            tool(
              3,
              'running',
              'journalctl --since yesterday --unit backup.service --output json | jq .MESSAGE',
            ),
          ],
          approval: {
            id: 'a',
            command:
              'sudo systemctl restart backup.service && journalctl --unit backup.service --since "1 minute ago"',
            cwd: '/home/agent/workspace',
            requestedAt: minutesAgo(1),
          },
        }),
      ),
      isMain: true,
    },
    {
      scene: 'error',
      path: open,
      given: chat(
        messageOf(2, ask, ko ? '지금까지 확인한 내용은' : 'What I have seen so far is', {
          status: 'interrupted',
          tools: [tool(1, 'failed', 'systemctl status backup.service')],
        }),
        messageOf(3, ask, '', { status: 'stopped', usage: null }),
        messageOf(4, ask, '', { status: 'failed', error: { code: 'model.key_rejected' }, usage: null }),
      ),
      isMain: true,
    },
    {
      scene: 'offline',
      path: open,
      given: rows,
      act: async (page, t) => {
        await page.evaluate(() => {
          window.ui.api.offline = true;
        });
        await page.context().setOffline(true);
        await page.getByRole('textbox', { name: t.chat.message }).fill(ask);
        await page.getByRole('button', { name: t.chat.send, exact: true }).click();
        await page.getByText(t.chat.waiting).waitFor();
      },
      isMain: true,
    },
    {
      scene: 'refused',
      path: open,
      given: { ...rows, failing: ['sendMessage'], agent: { ...awake, state: 'failed' } },
      act: async (page, t) => {
        await page.evaluate(() => {
          const refused = Object.assign(new Error(), { name: 'AppError', code: 'message.queue_full' });
          window.ui.api.sendMessage = () => Promise.reject(refused);
        });
        await page.getByRole('textbox', { name: t.chat.message }).fill(ask);
        await page.getByRole('button', { name: t.chat.send, exact: true }).click();
        await page.getByText(ask).waitFor();
      },
    },
    { scene: 'unread', path: open, given: { ...rows, failing: ['listMessages', 'listConversations'] } },
    { scene: 'gone', path: `/c/${idOf(77)}`, given: rows },
    {
      scene: 'long',
      path: open,
      given: {
        ...rows,
        conversations: [conversationOf(1, long[language], 1), ...conversations.slice(1)],
        messages: [
          messageOf(
            1,
            `${long[language]}\n${address}`,
            `${address}\n\n\`${'unbroken'.repeat(30)}\`\n\n- [ ] ${long[language]}\n- [x] ${long[language]}`,
            {
              channel: 'telegram',
              model: 'anthropic/claude-sonnet-5-5-with-a-long-name-2026-11-25',
            },
          ),
        ],
      },
    },
    {
      scene: 'attached',
      path: open,
      given: withFiles,
      act: (page) => page.locator('.attached img').first().waitFor(),
    },
    {
      scene: 'composer',
      path: open,
      given: rows,
      act: async (page, t) => {
        await page.evaluate(() => {
          let count = 0;
          window.ui.api.uploadFile = () => {
            count += 1;
            return count === 1 ? new Promise(() => {}) : Promise.reject(new Error());
          };
        });
        await page.locator('input[type=file]').setInputFiles([
          { name: report.name, mimeType: report.type, buffer: Buffer.from('one') },
          { name: list.name, mimeType: list.type, buffer: Buffer.from('two') },
        ]);
        await page.getByRole('textbox', { name: t.chat.message }).fill(`${long[language]} `.repeat(320));
        await page.locator('.composer-fault').waitFor();
      },
    },
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
        if (narrow(page)) await page.getByRole('button', { name: t.conversations.open }).click();
        const menu = page.locator('.conversation').nth(2).getByRole('button');
        await page.locator('.conversation').nth(2).hover();
        await menu.click();
        await page.getByRole('menuitem', { name: t.conversations.delete }).click();
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
    { scene: 'settings', path: '/settings/general', given: rows, isMain: true },
    { scene: 'settings-list', path: '/settings', given: rows },
    { scene: 'settings-unread', path: '/settings/model', given: { ...rows, failing: ['getSettings'] } },
    {
      scene: 'model',
      path: '/settings/model',
      given: { ...rows, ...settings({ provider: 'anthropic', model: 'claude-sonnet-5-5' }) },
      isMain: true,
    },
    {
      scene: 'model-faults',
      path: '/settings/model',
      given: {
        ...rows,
        ...settings({ provider: 'bedrock', model: 'some-model' }),
        providerKey: { provider: 'bedrock', ending: 'x7Q2', savedAt: null },
        verdict: {
          code: 'model.key_rejected',
          detail: 'invalid x-api-key',
          milliseconds: 420,
          priced: false,
        },
      },
      act: async (page, t) => {
        await page.getByRole('button', { name: t.settings.key.test, exact: true }).click();
        await page.getByLabel(t.settings.modelName).fill('other-model');
        await page.getByRole('button', { name: t.settings.save, exact: true }).click();
        await page.getByText(t.settings.baseUrlNeeded).waitFor();
      },
    },
    { scene: 'spending', path: '/settings/spending', given: { ...rows, usage: usageRows() }, isMain: true },
    {
      scene: 'spending-faults',
      path: '/settings/spending',
      given: { ...rows, ...settings({ dayCapCents: 250, spendingStopped: true }) },
      act: async (page, t) => {
        await page.getByLabel(t.settings.spending.day).fill('12');
        await page.getByLabel(t.settings.spending.month).fill('a lot');
      },
    },
    {
      scene: 'memory',
      path: '/settings/memory',
      given: {
        ...rows,
        snapshots: [
          { id: '3-2', savedAt: minutesAgo(9), size: 14_400_000, isNext: true, isImported: false },
          { id: '3-1', savedAt: minutesAgo(900), size: 1_274_000, isNext: false, isImported: false },
          { id: '2-9', savedAt: minutesAgo(2900), size: 127_400, isNext: false, isImported: true },
        ],
      },
    },
    {
      scene: 'memory-import',
      path: '/settings/memory',
      given: { ...rows, agent: null },
      act: (page, t) => chooseState(page, t),
    },
    {
      scene: 'memory-importing',
      path: '/settings/memory',
      given: { ...rows, agent: null },
      act: async (page, t) => {
        await page.evaluate(() => {
          window.ui.api.importSnapshot = () => new Promise(() => {});
        });
        await chooseState(page, t);
        await page.getByRole('button', { name: t.settings.memory.import.confirm, exact: true }).click();
        await page.getByRole('progressbar').waitFor();
      },
    },
    { scene: 'memory-none', path: '/settings/memory', given: { ...rows, agent: null } },
    {
      scene: 'security',
      path: '/settings/security',
      given: rows,
      act: async (page, t) => {
        await page.getByRole('button', { name: t.settings.security.begin }).click();
        await page.getByLabel(t.settings.security.code).fill('654321');
        await page.getByRole('button', { name: t.settings.security.confirm }).click();
        await page.getByText(t.settings.security.mismatch).waitFor();
      },
    },
    { scene: 'data', path: '/settings/data', given: rows },
    {
      scene: 'data-erase',
      path: '/settings/data',
      given: rows,
      act: async (page) => {
        await page.getByRole('checkbox').check();
        await page.getByRole('button', { name: dataTexts[language].eraseAsk }).click();
        await page.getByRole('textbox').last().fill(dataTexts[language].word);
      },
    },
    {
      scene: 'conversation-menu',
      path: open,
      given: rows,
      act: async (page, t) => {
        if (narrow(page)) await page.getByRole('button', { name: t.conversations.open }).click();
        await page.locator('.conversation').first().hover();
        await page.locator('.conversation').first().getByRole('button').click();
      },
    },
    { scene: 'security-off', path: '/settings/security', given: rows },
    {
      scene: 'telegram',
      path: '/settings/telegram',
      given: rows,
      act: async (page, t) => {
        await page.getByRole('button', { name: t.settings.telegram.connect }).click();
        await page.getByRole('img').waitFor();
      },
      isMain: true,
    },
    {
      scene: 'telegram-linked',
      path: '/settings/telegram',
      given: {
        ...rows,
        channels: [
          {
            channel: 'telegram',
            address: '@claw_bot',
            link: { name: ko ? '김하늘' : 'Ann Example', linkedAt: minutesAgo(9000), isActive: false },
          },
        ],
      },
    },
    {
      scene: 'telegram-off',
      path: '/settings/telegram',
      given: { ...rows, channels: [{ channel: 'telegram', address: null, link: null }] },
    },
    { scene: 'usage', path: '/usage', given: { ...rows, usage: usageRows() }, isMain: true },
    {
      scene: 'usage-table',
      path: '/usage',
      given: { ...rows, usage: usageRows() },
      act: (page, t) => page.getByText(t.usage.asTable).click(),
    },
    { scene: 'usage-none', path: '/usage', given: rows },
    { scene: 'usage-capped', path: '/usage', given: { ...rows, usage: spent(5_000_000) } },
    {
      scene: 'usage-stopped',
      path: '/usage',
      given: { ...rows, usage: spent(4_000), ...settings({ spendingStopped: true }) },
    },
    { scene: 'usage-failed', path: '/usage', given: { ...rows, failing: ['getUsage'] } },
    {
      scene: 'files',
      path: '/files',
      given: withFiles,
      act: (page) => page.locator('.attached img').first().waitFor(),
      isMain: true,
    },
    {
      scene: 'files-erase',
      path: '/files',
      given: withFiles,
      act: (page, t) => page.getByRole('button', { name: t.files.erase(report.name) }).click(),
    },
    {
      scene: 'files-preview',
      path: '/files',
      given: withFiles,
      act: async (page, t) => {
        const body = `#!/bin/sh\n${long[language]}\n\n3.1G  /var/log/journal\n2.1G  reports/largest.txt\n`;
        await page.route('**/icon-192.png', (route) => route.fulfill({ body: body.repeat(9) }));
        await page.getByTitle(t.files.open(list.name)).click();
        await page.locator('.preview').waitFor();
      },
    },
    { scene: 'files-none', path: '/files', given: rows },
    { scene: 'files-failed', path: '/files', given: { ...rows, failing: ['listFiles'] } },
    {
      scene: 'own-model',
      path: open,
      given: {
        ...rows,
        conversations: conversations.map((each, index) =>
          index === 0 ? { ...each, model: { provider: 'anthropic', model: 'claude-opus-5-5' } } : each,
        ),
        settings: { settings: { provider: 'anthropic', model: 'claude-sonnet-5-5' }, revision: 1 },
      },
      act: async (page) => {
        await page.locator('#conversation-model').click();
        await page.getByRole('radio').first().waitFor();
      },
    },
    {
      scene: 'slash',
      path: open,
      given: rows,
      act: async (page) => {
        await page.locator('#composer').fill('/s');
        await page.getByRole('listbox').waitFor();
      },
    },
    {
      scene: 'palette',
      path: open,
      given: rows,
      act: async (page) => {
        await page.keyboard.press('ControlOrMeta+k');
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      scene: 'not-found',
      path: '/nowhere',
      given: { conversations: [conversationOf(1, 'A', 1)] },
      isMain: true,
    },
    {
      scene: 'crash',
      path: '/',
      given: rows,
      act: async (page) => {
        await page.evaluate(() => {
          window.ui.api.getUsage = async () => ({}) as never;
          location.hash = '#/usage';
        });
        await page.locator('.full-page').waitFor();
      },
    },
  ];
}
