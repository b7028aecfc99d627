import type { Micros } from '../../amplify/core/price.ts';

/** Below this a chart would show noise: one cent. */
const least: Micros = 10_000;

/** Where a scale ends that holds `most`: 1, 2 or 4 times a power of ten, so that its half reads well too. */
export function scaleTop(most: Micros): Micros {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, least)));
  return power * ([1, 2, 4].find((step) => step * power >= most) ?? 10);
}
