import { rounded } from './figures.ts';

/**
 * What is compared from one run to the next: ratios of figures of the same run, which mean the same on any machine, and
 * sizes, which do not depend on one.
 */
export type Ratios = Readonly<Record<string, number>>;

/** So much worse than the committed figure is a regression. */
const tolerance = 1.25;

/** Names every ratio that grew beyond the tolerance, and every one that is missing. */
export function regressions(committed: Ratios, now: Ratios): string[] {
  return Object.entries(committed).flatMap(([name, before]) => {
    const value = now[name];
    if (value === undefined || Number.isNaN(value)) return [`${name} was not measured`];
    return value > before * tolerance ? [`${name}: ${rounded(value)}, was ${rounded(before)}`] : [];
  });
}
