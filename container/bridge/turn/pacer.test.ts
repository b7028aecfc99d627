import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delta, DeltaPacer, type Timers } from './pacer.ts';

/** Timers that move only when told to. */
function handTimers(): Timers & { advance(ms: number): void } {
  let now = 0;
  let waiting: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, callback) => {
      const one = { at: now + ms, callback };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = waiting.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        waiting = waiting.filter((other) => other !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
  };
}

const apply = (text: string, delta: Delta) => text.slice(0, delta.offset) + delta.text;

describe('the delta pacer', () => {
  it('sends the first text at once and later text after 300, 600 and then 1000 ms', () => {
    const timers = handTimers();
    const sentAt: number[] = [];
    const pacer = new DeltaPacer(() => sentAt.push(timers.now()), timers);
    for (let n = 1; n <= 400; n++) {
      pacer.update('x'.repeat(n));
      timers.advance(10);
    }
    expect(sentAt).toEqual([0, 300, 900, 1_900, 2_900, 3_900]);
  });

  it('counts from one and says where each piece begins', () => {
    const timers = handTimers();
    const deltas: Delta[] = [];
    const pacer = new DeltaPacer((delta) => deltas.push(delta), timers);
    pacer.update('Hello');
    pacer.update('Hello wor');
    pacer.update('Hello world');
    timers.advance(300);
    expect(deltas).toEqual([
      { seq: 1, offset: 0, text: 'Hello' },
      { seq: 2, offset: 5, text: ' world' },
    ]);
  });

  it('begins a rewrite where the texts part', () => {
    const timers = handTimers();
    const deltas: Delta[] = [];
    const pacer = new DeltaPacer((delta) => deltas.push(delta), timers);
    pacer.update('The answer is 41, I think');
    pacer.update('The answer is 42.');
    timers.advance(300);
    expect(deltas[1]).toEqual({ seq: 2, offset: 15, text: '2.' });
  });

  it('sends nothing after it was stopped', () => {
    const timers = handTimers();
    const deltas: Delta[] = [];
    const pacer = new DeltaPacer((delta) => deltas.push(delta), timers);
    pacer.update('a');
    pacer.update('ab');
    pacer.stop();
    timers.advance(5_000);
    pacer.update('abc');
    timers.advance(5_000);
    expect(deltas).toHaveLength(1);
  });

  it('adds up to the text whatever is written and rewritten, without ever cutting a character in half', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.nat(2_000))), (steps) => {
        const timers = handTimers();
        let seen = '';
        let seq = 0;
        const pacer = new DeltaPacer((delta) => {
          expect(delta.seq).toBe(++seq);
          seen = apply(seen, delta);
          expect(seen.isWellFormed()).toBe(true);
        }, timers);
        for (const [text, wait] of steps) {
          pacer.update(text);
          timers.advance(wait);
        }
        pacer.flush();
        expect(seen).toBe(steps.at(-1)?.[0] ?? '');
        expect(pacer.sent).toBe(seen);
      }),
    );
  });
});
