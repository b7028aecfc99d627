import { type Micros, roundUp } from './price.ts';

/**
 * One row of the Usage table an owner and month holds all that counts against the caps, so that one conditional
 * update sees all of it. Its attributes, `25` being a day of the month:
 *
 * | attribute | what |
 * |---|---|
 * | `counted`, `counted25` | everything against the month's and the day's cap: `model` + `aws` + what is held |
 * | `model25`, `aws25` | settled model calls, booked task seconds |
 * | `held-<id>` | a model call's worst case, until it is settled. A call whose end nobody told stays: it may have cost that |
 * | `task-<id>` | until when that task's seconds are booked, milliseconds since 1970 |
 * | `workedMs` | how long messages were in work: what tasks ran beside it, they started up or waited |
 * | `seconds`, `calls`, `inputTokens`, `outputTokens`, `cachedTokens` | of the month |
 *
 * A row `<month>#<conversationId>` holds what that conversation's calls cost. Amounts are micros (price.ts), days UTC.
 */

/** The day of an instant, `2026-11-25`: UTC's, for caps and for the page alike. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const monthOf = (ms: number): string => dayOf(ms).slice(0, 7);

export interface DayUsage {
  /** `2026-11-25`. */
  readonly day: string;
  readonly model: Micros;
  readonly aws: Micros;
  /** With what is held for calls whose end is not told. */
  readonly counted: Micros;
}

export interface ConversationUsage {
  readonly conversationId: string;
  readonly model: Micros;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What one owner has used in a month. */
export interface MonthUsage {
  readonly month: string;
  readonly counted: Micros;
  readonly model: Micros;
  readonly aws: Micros;
  /** Worst case of calls whose end is not told (yet). */
  readonly held: Micros;
  /** Days on which something was counted, in order. */
  readonly days: readonly DayUsage[];
  /** The dearest first. */
  readonly conversations: readonly ConversationUsage[];
  readonly seconds: number;
  /** Of these, with a message in work; null while no task has told. */
  readonly workedSeconds: number | null;
  readonly tasks: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0;

/** Reads rows of the Usage table that belong to a month. Never throws: what is odd counts as nothing. */
export function monthUsageOf(month: string, rows: readonly Readonly<Record<string, unknown>>[]): MonthUsage {
  const row = rows.find(({ period }) => period === month) ?? {};
  const named = (pattern: RegExp) => Object.keys(row).filter((name) => pattern.test(name));
  const sum = (pattern: RegExp) => named(pattern).reduce((total, name) => total + numberOf(row[name]), 0);
  const days = named(/^counted\d\d$/)
    .map((name) => name.slice(-2))
    .sort();
  return {
    month,
    counted: numberOf(row.counted),
    model: sum(/^model\d\d$/),
    aws: sum(/^aws\d\d$/),
    held: sum(/^held-/),
    days: days.map((day) => ({
      day: `${month}-${day}`,
      model: numberOf(row[`model${day}`]),
      aws: numberOf(row[`aws${day}`]),
      counted: numberOf(row[`counted${day}`]),
    })),
    conversations: rows
      .filter(({ period }) => String(period).startsWith(`${month}#`))
      .map((each) => ({
        conversationId: String(each.period).slice(month.length + 1),
        model: numberOf(each.model),
        calls: numberOf(each.calls),
        inputTokens: numberOf(each.inputTokens),
        outputTokens: numberOf(each.outputTokens),
      }))
      .sort((a, b) => b.model - a.model),
    seconds: numberOf(row.seconds),
    workedSeconds: row.workedMs === undefined ? null : Math.round(numberOf(row.workedMs) / 1000),
    tasks: named(/^task-/).length,
    calls: numberOf(row.calls),
    inputTokens: numberOf(row.inputTokens),
    outputTokens: numberOf(row.outputTokens),
    cachedTokens: numberOf(row.cachedTokens),
  };
}

/**
 * What tasks cost and how long they ran while no message was in work, about: every second counts as the month's mean.
 * Null while no task has told how long it worked.
 */
export function waitedOf({
  aws,
  seconds,
  workedSeconds,
}: MonthUsage): { seconds: number; micros: Micros } | null {
  if (workedSeconds === null || seconds <= 0) return null;
  // A task that still runs has told of work that is not booked yet.
  const waited = Math.max(0, seconds - workedSeconds);
  return { seconds: waited, micros: Math.round((aws * waited) / seconds) };
}

/** What counts against the caps at an instant. */
export interface Counted {
  readonly day: Micros;
  readonly month: Micros;
}

export const countedAt = (usage: MonthUsage, now: number): Counted => ({
  month: usage.month === monthOf(now) ? usage.counted : 0,
  day: usage.days.find(({ day }) => day === dayOf(now))?.counted ?? 0,
});

/** Whole days that an interval touches, each with its own part of it. Milliseconds since 1970. */
export function splitByDay(from: number, to: number): { day: string; from: number; to: number }[] {
  const parts: { day: string; from: number; to: number }[] = [];
  for (let start = from; start < to; ) {
    const midnight = (Math.floor(start / 86_400_000) + 1) * 86_400_000;
    const end = Math.min(to, midnight);
    parts.push({ day: dayOf(start), from: start, to: end });
    start = end;
  }
  return parts;
}

/** What a booking of a task adds to one month's row. */
export interface MonthBooking {
  readonly month: string;
  /** What `task-<id>` becomes. */
  readonly until: number;
  readonly seconds: number;
  readonly days: readonly { readonly day: string; readonly micros: Micros }[];
}

/** The months that a task has run in, each with its own part of the time. */
export function monthsBetween(from: number, until: number): { month: string; from: number; until: number }[] {
  const months: { month: string; from: number; until: number }[] = [];
  for (const part of splitByDay(from, until)) {
    const last = months.at(-1);
    if (last?.month === part.day.slice(0, 7)) last.until = part.to;
    else months.push({ month: part.day.slice(0, 7), from: part.from, until: part.to });
  }
  return months;
}

/** What a part of a task within one month adds, given until when it was booked before. Null: nothing. */
export function bookingOf(
  part: { month: string; from: number; until: number },
  bookedUntil: number | undefined,
  secondUsd: number,
): MonthBooking | null {
  const from = Math.max(part.from, bookedUntil ?? 0);
  if (from >= part.until) return null;
  return {
    month: part.month,
    until: part.until,
    seconds: Math.round((part.until - from) / 1000),
    days: splitByDay(from, part.until).map(({ day, from: start, to }) => ({
      day,
      micros: roundUp(((to - start) / 1000) * secondUsd * 1_000_000),
    })),
  };
}
