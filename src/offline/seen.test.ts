import { expect, test } from 'vitest';
import { initialState, reduce } from '../chat/state.ts';
import { createStore } from '../chat/store.ts';
import { orderedTurns } from '../chat/transcript.ts';
import { openLocalStore } from '../session/local-store.ts';
import { keepSeen, loadSeen } from './seen.ts';

const conversationId = '0199a000-0000-7000-8000-00000000000c';
const at = '2026-01-01T00:00:00.000Z';
const rowOf = (n: number, answer: string) => ({
  conversationId,
  id: `0199a000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  text: `question ${n}`,
  attachments: [],
  files: [],
  channel: 'web' as const,
  status: 'answered' as const,
  attempt: 1,
  acceptedAt: `2026-01-01T00:00:${String(n).padStart(2, '0')}.000Z`,
  answer,
  seq: 1,
  tools: [],
});

function browser() {
  const values = new Map<string, string>();
  const storage = {
    get length() {
      return values.size;
    },
    key: (index: number) => [...values.keys()][index] ?? null,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
  return openLocalStore(storage, 'ann');
}

const conversation = { id: conversationId, title: 'Trip', createdAt: at, activeAt: at };
const read = (items: ReturnType<typeof rowOf>[], nextToken: string | null) =>
  ({ kind: 'messages.read', conversationId, page: { items, nextToken }, newest: true, asOf: 0 }) as const;

/** Opens the page, reads, and closes it after a while. */
function visit(local: ReturnType<typeof browser>, items: ReturnType<typeof rowOf>[]) {
  const chat = createStore(loadSeen(local));
  let write = () => {};
  const stop = keepSeen(chat, local, (_, call) => {
    write = call;
    return () => {};
  });
  const page = { items: [conversation], nextToken: null };
  chat.set((state) => reduce(state, { kind: 'conversations.read', page, first: true, asOf: 0 }));
  chat.set((state) => reduce(state, read(items, 'older')));
  write();
  stop();
}
const shown = (state = initialState) => {
  const transcript = state.transcripts.get(conversationId);
  return transcript ? orderedTurns(transcript).map(({ row }) => row.answer) : [];
};

test('what was seen is there again before anything was read', () => {
  const local = browser();
  visit(local, [rowOf(1, 'Gangneung'), rowOf(2, 'By train')]);
  const state = loadSeen(local);
  expect([...state.conversations.byId.values()].map(({ value }) => value.title)).toEqual(['Trip']);
  expect(state.conversations.loaded).toBe(false);
  expect(shown(state)).toEqual(['Gangneung', 'By train']);
});

test('what is read takes its place, and older messages are read from where that begins', () => {
  const local = browser();
  visit(local, [rowOf(1, 'Gangneung'), rowOf(2, 'By train')]);
  const state = reduce(loadSeen(local), read([rowOf(2, 'By train'), rowOf(3, 'In May')], 'before 2'));
  expect(shown(state)).toEqual(['By train', 'In May']);
  expect(state.transcripts.get(conversationId)?.earlier).toBe('before 2');
});

test('what is not understood is as nothing', () => {
  const local = browser();
  local.write('seen', { conversations: 'x' });
  expect(loadSeen(local)).toBe(initialState);
});
