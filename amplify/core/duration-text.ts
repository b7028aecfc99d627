import type { Language } from './language.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const unit = (language: Language, value: number, name: 'second' | 'minute' | 'hour'): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);

/** From here on minutes say nothing any more. */
const manyHours = 10 * hour;

/** A duration in its one or two largest units: `47 sec`, `1 min 5 sec`, `9 min`, `1 hr 30 min`. `ms`: milliseconds. */
export function formatDuration(language: Language, ms: number): string {
  const rest = Math.round(Math.max(0, ms) / second) * second;
  if (rest < minute) return unit(language, rest / second, 'second');
  if (rest < 2 * minute) {
    const seconds = (rest % minute) / second;
    return seconds
      ? `${unit(language, 1, 'minute')} ${unit(language, seconds, 'second')}`
      : unit(language, 1, 'minute');
  }
  const minutes = Math.round(rest / minute);
  if (minutes < 60) return unit(language, minutes, 'minute');
  if (rest >= manyHours || minutes % 60 === 0) return unit(language, Math.round(minutes / 60), 'hour');
  return `${unit(language, Math.floor(minutes / 60), 'hour')} ${unit(language, minutes % 60, 'minute')}`;
}
