import type { Message, ToolCard } from '../../../amplify/core/message.ts';
import { awake, conversationOf, type Given, idOf, messageOf, minutesAgo, waking } from '../scenes.ts';
import { list, open, report, type Scene, settings, type Words } from './scene.ts';

const address = `https://example.com/${'a-path-without-any-break/'.repeat(8)}?q=${'x'.repeat(120)}`;

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

/** A conversation, and what stands above it and in its box. */
export function chatScenes({ ko, rows, ask, withFiles, long }: Words): Scene[] {
  const { conversations = [], messages = [] } = rows;
  const chat = (...more: Message[]): Given => ({ ...rows, messages: [...messages.slice(0, 1), ...more] });
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
      given: {
        ...rows,
        refusing: { sendMessage: 'message.queue_full' },
        agent: { ...awake, state: 'failed' },
      },
      act: async (page, t) => {
        await page.getByRole('textbox', { name: t.chat.message }).fill(ask);
        await page.getByRole('button', { name: t.chat.send, exact: true }).click();
        await page.getByText(t.faults['message.queue_full'].happened, { exact: false }).waitFor();
      },
    },
    { scene: 'unread', path: open, given: { ...rows, failing: ['listMessages', 'listConversations'] } },
    { scene: 'gone', path: `/c/${idOf(77)}`, given: rows },
    {
      scene: 'long',
      path: open,
      given: {
        ...rows,
        conversations: [conversationOf(1, long, 1), ...conversations.slice(1)],
        messages: [
          messageOf(
            1,
            `${long}\n${address}`,
            `${address}\n\n\`${'unbroken'.repeat(30)}\`\n\n- [ ] ${long}\n- [x] ${long}`,
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
        await page
          .getByRole('textbox', { name: t.chat.message })
          .fill(`${long} `.repeat(Math.ceil(34_000 / long.length)));
        await page.locator('.composer-fault').waitFor();
      },
    },
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
      scene: 'slash-model',
      path: open,
      given: { ...rows, ...settings({ provider: 'anthropic', model: 'claude-sonnet-5-5' }) },
      act: async (page) => {
        await page.locator('#composer').fill('/model opus');
        await page.getByRole('option').first().waitFor();
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
      scene: 'thinking',
      path: open,
      given: chat(
        messageOf(2, ask, ko ? '네, 잘 돌아갑니다.' : 'Yes, it is.', { thinkingMs: 14_200 }),
        messageOf(3, ask, '', { ...working, thinkingMs: 2000 }),
      ),
      act: async (page) => {
        await page.evaluate((id) => {
          const thought =
            'The user asks whether the job still runs.\nThe list of Monday is there, so cron has run. Let me look at the journal of today before I say so.\n';
          window.ui.api.thoughts.set(id, thought.repeat(3));
        }, idOf(102));
        await page
          .locator('.tool', { has: page.locator('.lucide-brain') })
          .first()
          .click();
        await page.locator('.thinking').waitFor();
      },
    },
  ];
}
