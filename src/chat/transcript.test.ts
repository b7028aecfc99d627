import { describe, expect, test } from 'vitest';
import type { Message } from '../../amplify/core/message.ts';
import {
  applyEarlierPage,
  applyMessageEvent,
  applyNewestPage,
  emptyTranscript,
  gapsIn,
  orderedTurns,
  type Transcript,
} from './transcript.ts';

const conversationId = '0199a000-0000-7000-8000-00000000000c';
const idOf = (n: number) => `0199a000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const row = (n: number, rest: Partial<Message> = {}): Message => ({
  conversationId,
  id: idOf(n),
  text: `message ${n}`,
  channel: 'web',
  status: 'answered',
  attempt: 1,
  acceptedAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
  answer: `answer ${n}`,
  seq: 1,
  tools: [],
  attachments: [],
  files: [],
  ...rest,
});

/** Rows `from` to `to` as `listMessages` gives them. */
const page = (from: number, to: number, nextToken: string | null = null) => ({
  items: Array.from({ length: to - from + 1 }, (_, index) => row(to - index)),
  nextToken,
});

const texts = (transcript: Transcript) => orderedTurns(transcript).map(({ row: { text } }) => text);

describe('a transcript', () => {
  test('stands in the order of acceptance, whatever order it was read in', () => {
    const newest = applyNewestPage(emptyTranscript, page(3, 4, 'older'), 0);
    const all = applyEarlierPage(newest, page(1, 2), 0);
    expect(texts(all)).toEqual(['message 1', 'message 2', 'message 3', 'message 4']);
    expect(all.earlier).toBeNull();
  });

  test('keeps what was read before when the newest page reaches it', () => {
    const before = applyEarlierPage(
      applyNewestPage(emptyTranscript, page(3, 4, 'older'), 0),
      page(2, 2, 'oldest'),
      0,
    );
    const after = applyNewestPage(before, page(4, 6, 'other'), 0);
    expect(texts(after)).toEqual([2, 3, 4, 5, 6].map((n) => `message ${n}`));
    expect(after.earlier).toBe('oldest');
  });

  test('has no hole: what the newest page does not reach is read again page by page', () => {
    const before = applyNewestPage(emptyTranscript, page(1, 2), 0);
    const after = applyNewestPage(before, page(8, 9, 'older'), 0);
    expect(texts(after)).toEqual(['message 8', 'message 9']);
    expect(after.earlier).toBe('older');
  });

  test('does not show an answer whose message it does not know, but asks for it', () => {
    const place = { conversationId, messageId: idOf(5) };
    const delta = {
      kind: 'message.delta' as const,
      ...place,
      epoch: 1,
      attempt: 1,
      seq: 2,
      offset: 3,
      text: 'x',
    };
    const transcript = applyMessageEvent(emptyTranscript, delta, 1);
    expect(texts(transcript)).toEqual([]);
    expect(gapsIn(transcript)).toEqual([idOf(5)]);
  });

  test('takes an event for a message twice as once', () => {
    const message = row(1, { status: 'queued', answer: '', seq: 0 });
    const event = { kind: 'message.accepted' as const, conversationId, messageId: message.id, message };
    const twice = [event, event].reduce((sum, each) => applyMessageEvent(sum, each, 1), emptyTranscript);
    expect(texts(twice)).toEqual(['message 1']);
  });
});
