import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { message } from '../../amplify/core/message.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { en } from '../i18n/en.ts';
import { ko } from '../i18n/ko.ts';
import { exportHistory } from './export-history.ts';
import type { Progress } from './read-history.ts';

const at = '2026-11-23T10:00:00.000Z';
const now = () => Date.parse(at);

/** Conversations with so many messages each; ids grow with time. */
function backend(...counts: number[]) {
  const api = createMemoryApi(now);
  let clock = now();
  for (const count of counts) {
    const id = v7();
    api.conversations.set(id, { id, title: `Talk of ${count}`, createdAt: at, activeAt: at });
    for (let n = 0; n < count; n += 1) {
      clock += 1000;
      api.put(
        message.parse({
          ...{ conversationId: id, id: v7({ msecs: clock }), text: `Question ${n}`, answer: `Answer ${n}` },
          ...{ channel: 'web', status: 'answered', attempt: 1, acceptedAt: at },
        }),
      );
    }
  }
  return api;
}
const options = (change: object = {}) => ({
  ...{ ending: 'json' as const, spoken: { language: 'en' as const, t: en }, now },
  signal: new AbortController().signal,
  ...change,
});

test('10,000 messages come as one JSON file, each once and in order, a hundred at a time', async () => {
  const api = backend(9_900, 99, 1);
  const told: Progress[] = [];
  const { name, file } = await exportHistory(
    api,
    options({ tell: (progress: Progress) => told.push(progress) }),
  );
  expect([name, file.type]).toEqual([
    'openclaw-conversations-2026-11-23.json',
    'application/json;charset=utf-8',
  ]);
  const { version, exportedAt, conversations } = JSON.parse(await file.text());
  expect([version, exportedAt]).toEqual([1, at]);
  expect(conversations.map(({ messages }: { messages: [] }) => messages.length).sort()).toEqual([
    1, 99, 9_900,
  ]);
  for (const { messages } of conversations) {
    expect(messages.map(({ text }: { text: string }) => text)).toEqual(
      messages.map((_: unknown, n: number) => `Question ${n}`),
    );
    expect(messages.map((each: unknown) => message.parse(each))).toHaveLength(messages.length);
  }
  expect(told.at(-1)).toEqual({ conversations: 3, messages: 10_000 });
  expect(api.calls.filter(([field]) => field === 'listMessages')).toHaveLength(101);
}, 30_000);

test('Markdown says who said what and when, in the language of the page', async () => {
  const api = backend(1);
  const [row] = api.messages.values();
  if (!row) throw new Error('no message');
  const file = { id: v7(), name: 'a_b*.txt', type: 'text/plain', size: 1 };
  api.put({ ...row, text: 'What is **this**?', attachments: [file], status: 'stopped', answer: 'Half an' });
  const [conversation] = api.conversations.values();
  if (!conversation) throw new Error('no conversation');
  api.conversations.set(conversation.id, { ...conversation, title: '# Trip\n<b>' });
  const english = await (await exportHistory(api, options({ ending: 'md' }))).file.text();
  expect(english).toContain('\n# \\# Trip \\<b\\>\n');
  expect(english).toMatch(
    /### You wrote · .*2026.*\n\nWhat is \*\*this\*\*\?\n\n\*Files: a\\_b\\\*\.txt\*\n\n### OpenClaw answered\n\nHalf an\n\n\*Stopped\*/,
  );
  const spoken = { language: 'ko' as const, t: ko };
  expect(await (await exportHistory(api, options({ ending: 'md', spoken }))).file.text()).toContain(
    '*중지됨*',
  );
});

test('one conversation is exported alone, under its title', async () => {
  const api = backend(2, 3);
  const [first] = api.conversations.values();
  if (!first) throw new Error('no conversation');
  const only = { ...first, title: '강릉 여행: 2박 3일!' };
  const { name, file } = await exportHistory(api, options({ only }));
  expect(name).toBe('openclaw-강릉-여행-2박-3일-2026-11-23.json');
  expect(JSON.parse(await file.text()).conversations).toMatchObject([{ id: first.id, messages: [{}, {}] }]);
  expect(api.calls.map(([field]) => field)).not.toContain('listConversations');
});

test('who has nothing gets a file that says so', async () => {
  const { file } = await exportHistory(backend(), options());
  expect(JSON.parse(await file.text()).conversations).toEqual([]);
});

test('an export that is taken back asks for nothing more', async () => {
  const api = backend(1_000);
  const control = new AbortController();
  const tell = ({ messages }: Progress) => {
    if (messages >= 200) control.abort();
  };
  const made = exportHistory(api, options({ signal: control.signal, tell }));
  await expect(made).rejects.toMatchObject({ name: 'AbortError' });
  expect(api.calls.filter(([field]) => field === 'listMessages')).toHaveLength(2);
});

test('a page that can’t be read fails the export: no file lacks a part without a word', async () => {
  const api = backend(150);
  api.failures.set('listMessages', new Error('throttled'));
  await expect(exportHistory(api, options())).rejects.toThrow('throttled');
});
