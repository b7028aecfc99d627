import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../amplify/core/message.ts';
import {
  answerOf,
  applyApproval,
  applyDelta,
  applyProgress,
  applyRow,
  applyStarted,
  applyStopping,
  applyTool,
  type Delta,
  hasGap,
  noTurn,
  statusOf,
  type Turn,
  toolsOf,
} from './turn.ts';

const id = '0199a000-0000-7000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';

const row = (rest: Partial<Message> = {}): Message => ({
  conversationId: '0199a000-0000-7000-8000-00000000000c',
  id,
  text: 'hello',
  channel: 'web',
  status: 'queued',
  attempt: 1,
  acceptedAt: at,
  answer: '',
  seq: 0,
  tools: [],
  attachments: [],
  files: [],
  ...rest,
});

/** Cuts `text` into deltas of one run. */
function deltasOf(pieces: readonly string[], run: { epoch: number; attempt: number }): Delta[] {
  let offset = 0;
  return pieces.map((text, index) => {
    const delta = { ...run, seq: index + 1, offset, text };
    offset += text.length;
    return delta;
  });
}

const tool = (status: 'running' | 'done', name = 't1') => ({
  id: name,
  name: 'exec',
  title: 'ls',
  status,
  at: 0,
  startedAt: at,
});

type Step = { kind: 'delta'; delta: Delta } | { kind: 'row'; row: Message };
const step = (turn: Turn, item: Step): Turn =>
  item.kind === 'delta' ? applyDelta(turn, item.delta) : applyRow(turn, item.row, 0);

/** A whole life of an answer: an attempt that a lost task began, then the run that finishes. */
const lives = fc
  .record({
    lost: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 5 }),
    pieces: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
    checkpoints: fc.array(fc.nat({ max: 8 }), { maxLength: 4 }),
  })
  .map(({ lost, pieces, checkpoints }) => {
    const past = deltasOf(lost, { epoch: 1, attempt: 1 });
    const deltas = deltasOf(pieces, { epoch: 2, attempt: 1 });
    const text = pieces.join('');
    const rows = checkpoints.map((count) => {
      const seq = Math.min(count, pieces.length);
      return row({ status: 'working', epoch: 2, seq, answer: pieces.slice(0, seq).join('') });
    });
    const early = [row(), row({ status: 'working', epoch: 1, seq: past.length, answer: lost.join('') })];
    const steps: Step[] = [
      ...[...past, ...deltas].map((delta) => ({ kind: 'delta' as const, delta })),
      ...[...rows, ...early].map((value) => ({ kind: 'row' as const, row: value })),
    ];
    return {
      steps,
      text,
      commit: row({ status: 'answered', epoch: 2, seq: pieces.length, answer: text }),
      pieces,
      lost,
    };
  });

/** The steps in any order, some of them twice, some lost. */
const shaken = lives.chain((life) =>
  fc
    .record({
      order: fc.shuffledSubarray([...life.steps, ...life.steps], { minLength: 0 }),
      commitAt: fc.nat({ max: life.steps.length * 2 }),
    })
    .map(({ order, commitAt }) => ({ ...life, order, commitAt })),
);

describe('an answer that streams in', () => {
  test('ends as the commit says, whatever was lost, doubled, delayed or reordered', () => {
    fc.assert(
      fc.property(shaken, ({ order, commitAt, commit, text }) => {
        const steps = [...order];
        steps.splice(Math.min(commitAt, steps.length), 0, { kind: 'row', row: commit });
        const end = steps.reduce(step, noTurn);
        expect(answerOf(end)).toBe(text);
        expect(statusOf(end)).toBe('answered');
        expect(hasGap(end)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('is whole once every delta came, in any order and any number of times', () => {
    fc.assert(
      fc.property(
        shaken.chain((life) =>
          fc.shuffledSubarray(life.steps, { minLength: life.steps.length }).map((all) => ({ ...life, all })),
        ),
        ({ order, all, text }) => {
          const end = [...order, ...all].reduce(step, noTurn);
          expect(answerOf(end)).toBe(text);
          expect(hasGap(end)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('shows at every moment a beginning of one run, never a mixture', () => {
    fc.assert(
      fc.property(shaken, ({ order, text, lost }) => {
        let turn = noTurn;
        for (const item of order) {
          turn = step(turn, item);
          const shown = answerOf(turn);
          expect(text.startsWith(shown) || lost.join('').startsWith(shown)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('heals a gap with the last checkpoint and goes on', () => {
    const [first, , third] = deltasOf(['Hel', 'lo ', 'you'], { epoch: 1, attempt: 1 });
    let turn = applyStarted({ row: row(), live: null }, { epoch: 1, attempt: 1 });
    turn = applyDelta(turn, first as Delta);
    turn = applyDelta(turn, third as Delta);
    expect(answerOf(turn)).toBe('Hel');
    expect(hasGap(turn)).toBe(true);
    turn = applyRow(turn, row({ status: 'working', epoch: 1, seq: 2, answer: 'Hello ' }), 0);
    expect(answerOf(turn)).toBe('Hello you');
    expect(hasGap(turn)).toBe(false);
  });

  test('takes a rewrite: a delta that begins before the end replaces what follows', () => {
    let turn: Turn = { row: row(), live: null };
    turn = applyDelta(turn, { epoch: 1, attempt: 1, seq: 1, offset: 0, text: 'one two' });
    turn = applyDelta(turn, { epoch: 1, attempt: 1, seq: 2, offset: 4, text: '2' });
    expect(answerOf(turn)).toBe('one 2');
  });

  test('begins anew when another task takes the message over', () => {
    let turn: Turn = { row: row(), live: null };
    turn = applyDelta(turn, { epoch: 1, attempt: 1, seq: 1, offset: 0, text: 'old' });
    turn = applyStarted(turn, { epoch: 2, attempt: 1 });
    expect(answerOf(turn)).toBe('');
    turn = applyDelta(turn, { epoch: 1, attempt: 1, seq: 2, offset: 3, text: ' zombie' });
    expect(answerOf(turn)).toBe('');
  });

  test('a final message is not woken by what comes late, but a retry wakes it', () => {
    let turn: Turn = {
      row: row({ status: 'failed', answer: '', error: { code: 'model.unreachable' } }),
      live: null,
    };
    turn = applyDelta(turn, { epoch: 1, attempt: 1, seq: 1, offset: 0, text: 'late' });
    turn = applyRow(turn, row({ status: 'working', epoch: 1, seq: 1, answer: 'late' }), 0);
    expect(statusOf(turn)).toBe('failed');
    turn = applyRow(turn, row({ status: 'queued', attempt: 2 }), 0);
    expect(statusOf(turn)).toBe('queued');
    turn = applyDelta(turn, { epoch: 2, attempt: 2, seq: 1, offset: 0, text: 'yes' });
    expect(statusOf(turn)).toBe('working');
    expect(answerOf(turn)).toBe('yes');
  });
});

describe('what stands beside the text', () => {
  const working = applyStarted({ row: row(), live: null }, { epoch: 1, attempt: 1 });
  const approval = { id: 'a1', command: 'rm -r build', requestedAt: at };

  test('a tool that ended does not run again when its beginning arrives late', () => {
    let turn = applyTool(working, { epoch: 1, attempt: 1 }, tool('done'));
    turn = applyTool(turn, { epoch: 1, attempt: 1 }, tool('running'));
    turn = applyRow(turn, row({ status: 'working', epoch: 1, seq: 0, tools: [tool('running')] }), 0);
    expect(toolsOf(turn).map(({ status }) => status)).toEqual(['done']);
  });

  test('a word on progress stands until text follows', () => {
    let turn = applyProgress(working, 1, 'thinking');
    expect(turn.live?.step).toBe('thinking');
    turn = applyProgress(turn, 2, 'preparing');
    expect(turn.live?.step).toBe('thinking');
    turn = applyDelta(turn, { epoch: 1, attempt: 1, seq: 1, offset: 0, text: 'So' });
    expect(turn.live?.step).toBeNull();
  });

  test('an approval that was decided does not come back with a row read before', () => {
    let turn = applyApproval(working, 1, approval, 5);
    turn = applyApproval(turn, 1, null, 7);
    turn = applyRow(turn, row({ status: 'working', epoch: 1, approval }), 6);
    expect(turn.live?.approval).toBeNull();
  });

  test('an approval that was missed comes with the row', () => {
    const turn = applyRow(working, row({ status: 'working', epoch: 1, approval }), 6);
    expect(turn.live?.approval).toEqual(approval);
  });

  test('an approval that was decided while nobody listened goes with the row', () => {
    let turn = applyApproval(working, 1, approval, 5);
    turn = applyRow(turn, row({ status: 'working', epoch: 1 }), 6);
    expect(turn.live?.approval).toBeNull();
  });

  test('a stop that was asked for is not forgotten by a row read before', () => {
    let turn = applyStopping({ row: row({ status: 'working', epoch: 1 }), live: null });
    turn = applyRow(turn, row({ status: 'working', epoch: 1, seq: 1, answer: 'a' }), 0);
    expect(turn.row?.stopRequested).toBe(true);
    turn = applyRow(turn, row({ status: 'queued', attempt: 2 }), 0);
    expect(turn.row?.stopRequested).toBeFalsy();
  });
});
