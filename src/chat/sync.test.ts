import { describe, expect, test } from 'vitest';
import type { Message } from '../../amplify/core/message.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { startSync } from './sync.ts';
import { answerOf, statusOf } from './turn.ts';

const conversationId = '0199a000-0000-7000-8000-00000000000c';
const id = '0199a000-0000-7000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';
const place = { conversationId, messageId: id };
const row = (rest: Partial<Message> = {}): Message => ({
  conversationId,
  id,
  text: 'hello',
  channel: 'web',
  status: 'working',
  attempt: 1,
  epoch: 1,
  acceptedAt: at,
  answer: '',
  seq: 0,
  tools: [],
  attachments: [],
  files: [],
  ...rest,
});
const delta = (seq: number, offset: number, text: string) => ({
  kind: 'message.delta' as const,
  ...place,
  epoch: 1,
  attempt: 1,
  seq,
  offset,
  text,
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

function start({ offline = false } = {}) {
  const api = createMemoryApi();
  api.offline = offline;
  api.conversations.set(conversationId, { id: conversationId, title: 'talk', createdAt: at, activeAt: at });
  let waits: { ms: number; call: () => void }[] = [];
  const sync = startSync(api, (ms, call) => {
    const wait = { ms, call };
    waits.push(wait);
    return () => {
      waits = waits.filter((each) => each !== wait);
    };
  });
  /** Lets the waits pass that are no longer than this. */
  const elapse = async (ms: number) => {
    const due = waits.filter((wait) => wait.ms <= ms);
    waits = waits.filter((wait) => wait.ms > ms);
    for (const { call } of due) call();
    await settled();
  };
  const turn = () => {
    const found = sync.chat.get().transcripts.get(conversationId)?.turns.get(id);
    if (!found) throw new Error('no such turn');
    return found;
  };
  const reads = (field: string) => api.calls.filter(([name]) => name === field).length;
  return { api, sync, elapse, turn, reads };
}

describe('the page', () => {
  test('that is reloaded in mid-answer shows what was written so far, and the rest as it comes', async () => {
    const { api, sync, turn } = start();
    api.put(row({ seq: 2, answer: 'Hello ' }));
    api.connect();
    sync.open(conversationId);
    await settled();
    api.emit(delta(2, 3, 'lo '));
    api.emit(delta(3, 6, 'you'));
    expect(answerOf(turn())).toBe('Hello you');
  });

  test('that missed a delta reads the checkpoint, and asks again until the gap is closed', async () => {
    const { api, sync, elapse, turn, reads } = start();
    api.put(row());
    api.connect();
    sync.open(conversationId);
    await settled();
    api.emit(delta(1, 0, 'a'));
    api.emit(delta(3, 2, 'c'));
    expect(answerOf(turn())).toBe('a');
    await elapse(400);
    expect(reads('getMessage')).toBe(1);
    api.put(row({ seq: 2, answer: 'ab' }));
    await elapse(1000);
    expect(answerOf(turn())).toBe('abc');
    await elapse(1000);
    expect(reads('getMessage')).toBe(2);
  });

  test('does not read for deltas that only overtook each other', async () => {
    const { api, sync, elapse, turn, reads } = start();
    api.put(row());
    api.connect();
    sync.open(conversationId);
    await settled();
    api.emit(delta(2, 1, 'b'));
    api.emit(delta(1, 0, 'a'));
    await elapse(400);
    expect(answerOf(turn())).toBe('ab');
    expect(reads('getMessage')).toBe(0);
  });

  test('that was away reads what happened: list, agent and the open conversation', async () => {
    const { api, sync, turn } = start();
    api.put(row());
    api.connect();
    sync.open(conversationId);
    await settled();
    api.disconnect();
    expect(sync.status.get().connection).toBe('lost');
    api.put(row({ status: 'answered', answer: 'done', seq: 4 }));
    api.agent = { state: 'asleep', revision: 9 };
    api.conversations.set(conversationId, { id: conversationId, title: 'new', createdAt: at, activeAt: at });
    api.connect();
    await settled();
    expect([statusOf(turn()), answerOf(turn())]).toEqual(['answered', 'done']);
    expect(sync.chat.get().agent?.state).toBe('asleep');
    expect(sync.chat.get().conversations.byId.get(conversationId)?.value.title).toBe('new');
  });

  test('looks after an answer that went silent: the event that ended it may be lost', async () => {
    const { api, sync, elapse, turn } = start();
    api.put(row());
    api.connect();
    sync.open(conversationId);
    await settled();
    await elapse(15_000);
    api.put(row({ status: 'answered', answer: 'done', seq: 1 }));
    await elapse(15_000);
    expect(statusOf(turn())).toBe('answered');
  });

  test('does not ask at all while nothing is in work', async () => {
    const { api, sync, elapse } = start();
    api.put(row({ status: 'answered', answer: 'done' }));
    api.connect();
    sync.open(conversationId);
    await settled();
    api.calls.length = 0;
    for (let round = 0; round < 5; round += 1) await elapse(15_000);
    expect(api.calls).toEqual([]);
  });

  test('says that messages could not be read, and reads them when the backend is back', async () => {
    const { api, sync, elapse } = start({ offline: true });
    sync.open(conversationId);
    await settled();
    expect(sync.status.get().unread.has(conversationId)).toBe(true);
    expect(sync.status.get().listFailed).toBe(true);
    api.offline = false;
    api.put(row());
    await elapse(3000);
    expect(sync.status.get().unread.size).toBe(0);
    expect(sync.chat.get().transcripts.get(conversationId)?.turns.size).toBe(1);
  });
});
