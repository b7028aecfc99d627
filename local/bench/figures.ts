/** Middle value of a list of numbers; of an even count, the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of the list lies, between neighbours in proportion. NaN for none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const lower = sorted[Math.floor(place)] ?? Number.NaN;
  const upper = sorted[Math.ceil(place)] ?? Number.NaN;
  return lower + (upper - lower) * (place - Math.floor(place));
}

export type Unit = 'ms' | 's of CPU' | 'MB' | 'kB' | '%' | '';

/** A figure as the page shows it: the median, and the lowest and highest of its runs. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** With one decimal below 20, whole numbers above. */
export const rounded = (value: number): string =>
  value < 20 ? String(Math.round(value * 10) / 10) : String(Math.round(value));

/** A Markdown table of figures. One without a value was not measured. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, values }) => {
    if (values.length === 0) return `| ${name} | not measured | | 0 |`;
    const range = `${rounded(Math.min(...values))} to ${rounded(Math.max(...values))}`;
    return `| ${name} | ${`${rounded(median(values))} ${unit}`.trim()} | ${range} | ${values.length} |`;
  });
  return ['| figure | median | range | runs |', '|---|---|---|---|', ...rows].join('\n');
}
