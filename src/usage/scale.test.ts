import { expect, test } from 'vitest';
import { scaleTop } from './scale.ts';

test.each([
  [0, 10_000],
  [10_000, 10_000],
  [10_001, 20_000],
  [31_000, 40_000],
  [610_000, 1_000_000],
  [1_000_000, 1_000_000],
  [4_000_001, 10_000_000],
])('a scale that holds %i ends at %i', (most, top) => expect(scaleTop(most)).toBe(top));
