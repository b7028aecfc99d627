/** Middle value of a list of numbers; of an even count, the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A figure as the page shows it: the median, and the lowest and highest of its runs. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB';
  readonly values: readonly number[];
}

/** A Markdown table of figures. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, values }) => {
    const shown = (value: number) => `${Math.round(value)} ${unit}`;
    const range = `${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}`;
    return `| ${name} | ${shown(median(values))} | ${range} | ${values.length} |`;
  });
  return ['| figure | median | range | runs |', '|---|---|---|---|', ...rows].join('\n');
}
