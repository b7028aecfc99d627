import { expect, test } from 'vitest';
import { planOf } from './draw-plan.ts';

test('a seed gives its plan again, and another seed another one', () => {
  expect(planOf(7)).toEqual(planOf(7));
  expect(planOf(7)).not.toEqual({ ...planOf(8), seed: 7 });
});

test('a thousand plans hold every kind of fault', () => {
  const kinds = new Set(
    Array.from({ length: 1_000 }, (_, seed) => planOf(seed).faults.map(({ kind }) => kind)).flat(),
  );
  expect([...kinds].sort()).toEqual([
    'cut-sockets',
    'cut-transfers',
    'fill-disk',
    'freeze',
    'kill-agent',
    'kill-bridge',
    'kill-function',
    'lose-replies',
    'mix-events',
    'no-capacity',
    'repeat-event',
    'skew-clock',
    'spot-notice',
    'strike-successor',
  ]);
});

test('a successor that is to be struck has work to do', () => {
  const plans = Array.from({ length: 1_000 }, (_, seed) => planOf(seed));
  const struck = plans.filter(({ faults }) => faults.some(({ kind }) => kind === 'strike-successor'));
  expect(struck.length).toBeGreaterThan(50);
  for (const { capacity, messages } of struck) {
    expect(capacity).toBe('spot-first');
    expect(
      messages.filter(({ stop, skew }, n) => n < 2 && skew === 0 && (n > 0 || stop === undefined)),
    ).toHaveLength(2);
  }
});
