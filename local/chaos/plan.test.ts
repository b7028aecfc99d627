import { expect, test } from 'vitest';
import { planOf } from './plan.ts';

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
    'cut-upload',
    'freeze',
    'kill-agent',
    'kill-bridge',
    'kill-function',
    'lose-replies',
    'no-capacity',
    'repeat-event',
    'spot-notice',
  ]);
});
