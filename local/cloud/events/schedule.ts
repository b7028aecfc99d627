/**
 * Schedule expressions of EventBridge rules and Scheduler: rate(…), cron(…), at(…).
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */

export interface Schedule {
  /** The first time after `after`, or undefined when there is none within a year. */
  next(after: Date): Date | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const unitMs: Readonly<Record<string, number>> = { minute: minuteMs, hour: hourMs, day: dayMs };
/** Every time zone is off UTC by a multiple of this: no local hour begins in between. */
const offsetStepMs = 15 * minuteMs;

/** Parses an expression; `timeZone` is an IANA name. Throws for what AWS would refuse too, and for L, W and #. */
export function parseSchedule(expression: string, timeZone = 'UTC'): Schedule {
  const [, kind, inside = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'rate': {
      const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
      const step = Number(count) * (unitMs[unit] ?? Number.NaN);
      if (!(step > 0)) throw new Error(`not a rate: ${expression}`);
      return { next: (after) => new Date(after.getTime() + step) };
    }
    case 'at': {
      const time = instantOf(inside, timeZone);
      if (time === undefined) throw new Error(`not a time: ${expression}`);
      return { next: (after) => (time > after ? time : undefined) };
    }
    case 'cron':
      return cron(inside, timeZone);
    default:
      throw new Error(`not a schedule expression: ${expression}`);
  }
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The values that a cron field allows. `names` count from 1. */
function field(text: string, low: number, high: number, names: readonly string[] = []): ReadonlySet<number> {
  const unknown = new Error(`the local cloud does not know the cron field '${text}'`);
  const allowed = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const value = (name: string) => {
      const index = names.indexOf(name.toUpperCase());
      return index < 0 ? Number(name) : index + 1;
    };
    const [from, to] = range === '*' || range === '?' ? [low, high] : range.split('-').map(value);
    const last = to ?? (part.includes('/') ? high : from);
    if (from === undefined || last === undefined) throw unknown;
    if (!(from >= low && last <= high && from <= last && Number(step) >= 1)) throw unknown;
    for (let each = from; each <= last; each += Number(step)) allowed.add(each);
  }
  return allowed;
}

function cron(text: string, timeZone: string): Schedule {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 6) throw new Error(`cron takes six fields: ${text}`);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = parts;
  if ((day === '?') === (weekday === '?')) {
    throw new Error(
      `cron takes a question mark for either the day of the month or the day of the week: ${text}`,
    );
  }
  const minutes = field(minute, 0, 59);
  const hours = field(hour, 0, 23);
  const days = field(day, 1, 31);
  const inMonths = field(month, 1, 12, months);
  const onWeekdays = field(weekday, 1, 7, weekdays);
  const years = field(year, 1970, 2199);
  const read = wallClock(timeZone);
  return {
    next(after) {
      const first = Math.floor(after.getTime() / minuteMs) * minuteMs + minuteMs;
      let time = first;
      while (time < first + 366 * dayMs) {
        const local = read(time);
        const date = days.has(local.day) && inMonths.has(local.month) && years.has(local.year);
        if (!date || !onWeekdays.has(local.weekday) || !hours.has(local.hour)) {
          time = (Math.floor(time / offsetStepMs) + 1) * offsetStepMs;
        } else if (minutes.has(local.minute) && !isRepeated(time, read)) {
          return new Date(time);
        } else {
          time += minuteMs;
        }
      }
      return undefined;
    },
  };
}

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly text: string;
}

/** What clocks of a zone show at a time. Throws RangeError for a zone that is not known. */
function wallClock(timeZone: string): (time: number) => WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (time) => {
    const parts = format.formatToParts(time);
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
    return {
      year: Number(part('year')),
      month: Number(part('month')),
      day: Number(part('day')),
      weekday: weekdays.indexOf(part('weekday').toUpperCase()) + 1,
      hour: Number(part('hour')),
      minute: Number(part('minute')),
      text: parts.map((each) => each.value).join(''),
    };
  };
}

/** When clocks are set back an hour shows twice; a schedule runs in the first only. */
function isRepeated(time: number, read: (time: number) => WallClock): boolean {
  const { text } = read(time);
  return [hourMs, hourMs / 2].some((back) => read(time - back).text === text);
}

/** The time at which clocks of a zone show `2026-03-01T10:00:00`. */
function instantOf(text: string, timeZone: string): Date | undefined {
  const shown = Date.parse(`${text}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) || Number.isNaN(shown)) return undefined;
  const read = wallClock(timeZone);
  const offsetAt = (time: number) => {
    const { year, month, day, hour, minute } = read(time);
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / minuteMs) * minuteMs;
  };
  const guess = shown - offsetAt(shown);
  return new Date(shown - offsetAt(guess));
}
