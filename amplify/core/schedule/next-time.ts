import { Cron } from 'croner';
import { AppError } from '../error.ts';
import type { Cadence } from './cadence.ts';

/** Nothing may come round more often than this: each time wakes an agent, milliseconds. */
export const shortestMs = 15 * 60_000;

/** Five fields of cron, or L, # and names in them: croner reads the rest. Seconds and years are none of it. */
const fiveFields = /^\S+( \S+){4}$/;

/** The first time after `after`, as that in milliseconds since 1970; null when there is none. */
export function nextTime(value: Cadence, after: number): number | null {
  if (value.kind === 'once') {
    const at = Date.parse(value.at);
    return at > after ? at : null;
  }
  if (value.kind === 'every') {
    const [from, step] = [Date.parse(value.from), value.minutes * 60_000];
    return from > after ? from : from + (Math.floor((after - from) / step) + 1) * step;
  }
  return cronOf(value).nextRun(new Date(after))?.getTime() ?? null;
}

/**
 * The cadence's first time. Throws `schedule.past`, `.cron_invalid` (also for one that never comes), `.zone_invalid`
 * or `.too_often` for one that can't be kept.
 */
export function firstTime(value: Cadence, now: number): number {
  if (value.kind === 'cron') {
    if (!isZone(value.zone)) throw new AppError('schedule.zone_invalid', { detail: value.zone });
    if (!fiveFields.test(value.expression) || !isCron(value)) {
      throw new AppError('schedule.cron_invalid', { detail: value.expression });
    }
  }
  const first = nextTime(value, now);
  if (first === null) {
    throw new AppError(value.kind === 'once' ? 'schedule.past' : 'schedule.cron_invalid');
  }
  if (shortestGap(value, now) < shortestMs) throw new AppError('schedule.too_often');
  return first;
}

/** So many times are looked at: more than a day of the shortest distance that is allowed. */
const looksAhead = 100;

function shortestGap(value: Cadence, now: number): number {
  if (value.kind === 'once') return Number.POSITIVE_INFINITY;
  if (value.kind === 'every') return value.minutes * 60_000;
  const times = cronOf(value)
    .nextRuns(looksAhead, new Date(now))
    .map((time) => time.getTime());
  return times.reduce(
    (least, time, at) => Math.min(least, time - (times[at - 1] ?? Number.NEGATIVE_INFINITY)),
    Number.POSITIVE_INFINITY,
  );
}

/** Without a function to call, croner starts no timer. */
const cronOf = ({ expression, zone }: Extract<Cadence, { kind: 'cron' }>): Cron =>
  new Cron(expression, { timezone: zone, mode: '5-part' });

function isCron(value: Extract<Cadence, { kind: 'cron' }>): boolean {
  try {
    cronOf(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether this runtime knows a time zone by that name. */
function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
