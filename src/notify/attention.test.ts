import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../amplify/core/message.ts';
import { createMemoryApi, type MemoryApi } from '../api/memory-api.ts';
import { startSync } from '../chat/sync.ts';
import { createAttention } from './attention.ts';

const here = '0199a000-0000-7000-8000-00000000000c';
const there = '0199a000-0000-7000-8000-00000000000d';
const id = '0199a000-0000-7000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';
const row = (conversationId: string, rest: Partial<Message> = {}): Message => ({
  ...{ conversationId, id, text: 'hello', channel: 'web', status: 'working', attempt: 1, epoch: 1 },
  ...{ acceptedAt: at, answer: '', seq: 0, tools: [], attachments: [], files: [] },
  ...rest,
});
const finish = (api: MemoryApi, message: Message) =>
  api.emit({
    kind: 'message.finished',
    conversationId: message.conversationId,
    messageId: message.id,
    message,
  });
const answered = (conversationId: string, rest: Partial<Message> = {}) =>
  row(conversationId, { status: 'answered', answer: 'Hi.', ...rest });

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A tab of one user that looks at a conversation, or at nothing. */
function tab(looksAt: string | null, { listens = true } = {}) {
  const api = createMemoryApi();
  for (const conversationId of [here, there])
    api.conversations.set(conversationId, {
      id: conversationId,
      title: 'talk',
      createdAt: at,
      activeAt: at,
    });
  const sync = startSync(api, () => () => {});
  api.connect();
  const view = { isVisible: looksAt !== null, conversation: looksAt };
  let changed = () => {};
  const seen: string[] = [];
  const attention = createAttention({
    sync,
    page: {
      isVisible: () => view.isVisible,
      conversation: () => view.conversation,
      watch: (tell) => {
        changed = tell;
        return () => {};
      },
    },
    tabs: new BroadcastChannel('attention.test'),
    onSeen: (conversationId) => seen.push(conversationId),
  });
  const told: string[] = [];
  const listen = () => attention.listen((message) => told.push(message.conversationId));
  if (listens) listen();
  open.push(() => {
    attention.close();
    sync.close();
  });
  const look = (conversation: string) => {
    Object.assign(view, { isVisible: true, conversation });
    changed();
  };
  return { api, sync, told, seen, look, listen, unseen: () => Object.fromEntries(attention.unseen.get()) };
}

describe('an answer', () => {
  test('in the conversation that is looked at is no news', () => {
    const { api, told, unseen } = tab(here);
    finish(api, answered(here));
    expect([told, unseen()]).toEqual([[], {}]);
  });

  test('that came before anyone listened is told to the first who does, unless it was seen meanwhile', () => {
    const { api, told, listen, look } = tab(null, { listens: false });
    finish(api, answered(here));
    finish(api, answered(there, { attempt: 2 }));
    look(here);
    listen()();
    listen();
    expect(told).toEqual([there]);
  });

  test('in another conversation, or while the page is hidden, is told once and counts until it is looked at', () => {
    const { api, told, unseen, look, seen } = tab(here);
    finish(api, answered(there));
    finish(api, answered(there));
    expect([told, unseen()]).toEqual([[there], { [there]: 1 }]);
    look(there);
    expect(unseen()).toEqual({});
    expect(seen).toEqual([here, there]);

    const hidden = tab(null);
    finish(hidden.api, answered(here));
    finish(hidden.api, answered(here, { attempt: 2 }));
    expect([hidden.told, hidden.unseen()]).toEqual([[here, here], { [here]: 2 }]);
  });

  test('that another tab shows counts in none, whichever hears of it first', async () => {
    const looking = tab(here);
    const behind = tab(null);
    finish(behind.api, answered(here));
    expect(behind.unseen()).toEqual({ [here]: 1 });
    finish(looking.api, answered(here));
    await vi.waitFor(() => expect(behind.unseen()).toEqual({}));

    const late = answered(here, { attempt: 2 });
    const other = answered(there, { attempt: 3 });
    finish(looking.api, late);
    finish(looking.api, other);
    finish(behind.api, other);
    looking.look(there);
    await vi.waitFor(() => expect(behind.unseen()).toEqual({}));
    finish(behind.api, late);
    expect(behind.told).toEqual([here, there]);
  });

  test('is awaited: a command that waits for a word is told once, until its conversation is looked at', () => {
    const { api, told, unseen, look } = tab(here);
    const approval = { id: 'ask', command: 'rm -r build', requestedAt: at };
    const ask = (conversationId: string, change: object = {}) =>
      api.emit({
        ...{ kind: 'message.approval', conversationId, messageId: id, attempt: 1 },
        approval: { ...approval, ...change },
      });
    ask(here);
    ask(there, { id: 'b' });
    ask(there, { id: 'b' });
    ask(there, { id: 'c', decision: 'deny' });
    expect([told, unseen()]).toEqual([[there], { [there]: 1 }]);
    look(there);
    expect(unseen()).toEqual({});
    ask(here, { id: 'another' });
    finish(api, answered(there));
    expect(told).toEqual([there, here]);
  });

  test('that came while the connection was lost is told when it is read', async () => {
    const { api, sync, told, unseen } = tab(null);
    api.put(row(here));
    sync.open(here);
    await vi.waitFor(() => expect(sync.chat.get().transcripts.get(here)?.turns.size).toBe(1));
    expect(told).toEqual([]);
    api.disconnect();
    api.put(answered(here));
    api.connect();
    await vi.waitFor(() => expect(unseen()).toEqual({ [here]: 1 }));
    finish(api, answered(here));
    expect(told).toEqual([here]);
  });

  test('of before, one that its reader stopped and one that Telegram brings are no news', async () => {
    const { api, sync, told } = tab(null);
    api.put(answered(here));
    sync.open(here);
    await vi.waitFor(() => expect(sync.chat.get().transcripts.get(here)?.turns.size).toBe(1));
    finish(api, answered(there, { channel: 'telegram' }));
    finish(api, answered(there, { status: 'stopped' }));
    finish(api, answered(here));
    expect(told).toEqual([]);
    finish(api, answered(here, { attempt: 2 }));
    expect(told).toEqual([here]);
  });

  test('in a conversation that is deleted does not count any more', () => {
    const { api, unseen } = tab(here);
    finish(api, answered(there));
    api.emit({ kind: 'conversation.deleted', conversationId: there });
    expect(unseen()).toEqual({});
  });
});
