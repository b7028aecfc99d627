import type { Language } from '../../amplify/core/language.ts';

const second = 1000;
const hour = 3600 * second;

/** A short time with a decimal: `0.4 sec`. */
export const formatSeconds = (language: Language, ms: number): string =>
  new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(Math.max(0.1, ms / second));

export const formatNumber = (language: Language, value: number): string =>
  new Intl.NumberFormat(language).format(value);

/** A part of one as a percentage: `75%`. */
export const formatShare = (language: Language, share: number): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);

/** A number in few characters: `8.2K`, `1.2만`. */
export const formatCompact = (language: Language, value: number): string =>
  new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** A size in bytes as people read it: `3 bytes`, `48 kB`, `1.4 MB`. */
export function formatSize(language: Language, bytes: number): string {
  const [value, name] =
    bytes < 1000
      ? [bytes, 'byte']
      : bytes < 1_000_000
        ? [bytes / 1000, 'kilobyte']
        : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: name,
    // The short form of bytes has no plural in English.
    unitDisplay: name === 'byte' ? 'long' : 'short',
    maximumFractionDigits: value < 10 && name === 'megabyte' ? 1 : 0,
  }).format(value);
}

/** The time of day of an instant (ISO 8601) in the reader's zone. */
export const formatTime = (language: Language, at: string): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(new Date(at));

/** Date and time, for a tooltip. */
export const formatMoment = (language: Language, at: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));

/** Date and time of something that is near, with its day of the week; the year where it is not this one. */
export function formatAppointment(language: Language, at: string, now: Date): string {
  const date = new Date(at);
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year },
    ...{ hour: 'numeric', minute: '2-digit' },
  }).format(date);
}

/** Whole days between two instants in the reader's zone: 0 for the same day. */
export function daysBetween(earlier: Date, later: Date): number {
  const dayOf = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((dayOf(later) - dayOf(earlier)) / (24 * hour));
}

/** A day as a heading, for a day that is neither today nor yesterday. */
export function formatDay(language: Language, at: string, now: Date): string {
  const date = new Date(at);
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year }).format(
    date,
  );
}

/** A day in few characters: month and day. */
export const formatShortDay = (language: Language, at: string): string =>
  new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }).format(new Date(at));
