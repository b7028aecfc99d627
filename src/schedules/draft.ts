import type { Cadence } from '../../amplify/core/schedule/cadence.ts';

export const choices = ['once', 'daily', 'weekdays', 'weekly', 'every', 'cron'] as const;
export type Choice = (typeof choices)[number];

/** When a schedule comes, as a form holds it. What belongs to another choice is kept while somebody changes their mind. */
export interface Draft {
  choice: Choice;
  /** 2026-11-27, in the reader's zone. */
  date: string;
  /** 08:00, in `zone`; of what comes once in the reader's. */
  time: string;
  /** Days of the week, 0 for Sunday. */
  days: readonly number[];
  expression: string;
  minutes: number;
  /** From when on equal distances are counted, ISO 8601. */
  from: string;
  zone: string;
}

export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const two = (value: number) => String(value).padStart(2, '0');
const dateOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const timeOf = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`;

/** What the form begins with: the next full hour, once. */
export function emptyDraft(now: Date): Draft {
  const at = new Date(now);
  at.setHours(at.getHours() + 1, 0, 0, 0);
  return {
    choice: 'once',
    date: dateOf(at),
    time: timeOf(at),
    days: [at.getDay()],
    expression: `${at.getMinutes()} ${at.getHours()} * * 1-5`,
    minutes: 180,
    from: at.toISOString(),
    zone: ownZone(),
  };
}

/** A cadence as the form shows it: with the simplest choice that says it. */
export function draftOf(cadence: Cadence, now: Date): Draft {
  const empty = emptyDraft(now);
  if (cadence.kind === 'once') {
    const at = new Date(cadence.at);
    return { ...empty, choice: 'once', date: dateOf(at), time: timeOf(at) };
  }
  if (cadence.kind === 'every') {
    return { ...empty, choice: 'every', minutes: cadence.minutes, from: cadence.from };
  }
  const { expression, zone } = cadence;
  const simple = simpleCron(expression);
  return {
    ...empty,
    ...{ zone, expression },
    ...(simple ? { ...simple, days: simple.days ?? empty.days } : { choice: 'cron' }),
  };
}

/** What a cron expression says that is a time on days of the week; null for any other. */
export function simpleCron(
  expression: string,
): { choice: 'daily' | 'weekdays' | 'weekly'; time: string; days?: readonly number[] } | null {
  const [, minute, hour, weekday] =
    /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-6](?:-[0-6]|(?:,[0-6])*))$/.exec(expression) ?? [];
  if (minute === undefined || hour === undefined || weekday === undefined) return null;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (weekday === '*') return { choice: 'daily', time };
  if (weekday === '1-5') return { choice: 'weekdays', time };
  return weekday.includes('-') ? null : { choice: 'weekly', time, days: weekday.split(',').map(Number) };
}

/** The cadence that a form says; null while something is missing. */
export function cadenceOf(draft: Draft): Cadence | null {
  const { choice, date, time, zone } = draft;
  if (choice === 'cron')
    return { kind: 'cron', expression: draft.expression.trim().replace(/\s+/g, ' '), zone };
  if (choice === 'every') {
    return Number.isInteger(draft.minutes) && draft.minutes > 0
      ? { kind: 'every', minutes: draft.minutes, from: draft.from }
      : null;
  }
  if (choice === 'once') {
    const at = new Date(`${date}T${time}`);
    return Number.isNaN(at.getTime()) ? null : { kind: 'once', at: at.toISOString() };
  }
  const [hour, minute] = time.split(':').map(Number);
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return null;
  if (choice === 'weekly' && draft.days.length === 0) return null;
  const days = { daily: '*', weekdays: '1-5', weekly: [...draft.days].sort().join(',') }[choice];
  return { kind: 'cron', expression: `${minute} ${hour} * * ${days}`, zone };
}
