/**
 * Schedule expressions of EventBridge rules and Scheduler: rate(…), cron(…), at(…).
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */

export interface Schedule {
  /** The first time after `after`, or undefined when there is none. */
  next(after: Date): Date | undefined;
}

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Parses an expression; `timeZone` is an IANA name. Throws for what AWS would refuse too. */
export function parseSchedule(expression: string, timeZone = 'UTC'): Schedule {
  const [, kind, inside = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') {
    const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
    const step = Number(count) * (unitMs[unit] ?? Number.NaN);
    if (!(step > 0)) throw new Error(`not a rate: ${expression}`);
    return { next: (after) => new Date(after.getTime() + step) };
  }
  if (kind === 'at') {
    if (timeZone !== 'UTC') throw new Error('the local cloud has at(…) in UTC only');
    const time = new Date(`${inside}Z`);
    if (Number.isNaN(time.getTime())) throw new Error(`not a time: ${expression}`);
    return { next: (after) => (time > after ? time : undefined) };
  }
  if (kind === 'cron') return cron(inside, timeZone);
  throw new Error(`not a schedule expression: ${expression}`);
}

const names: Record<string, number> = Object.fromEntries([
  ...['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'].map((name, i) => [
    name,
    i + 1,
  ]),
  ...['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'].map((name, i) => [name, i + 1]),
]);

function field(text: string, low: number, high: number): Set<number> {
  const allowed = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const value = (name: string) => names[name.toUpperCase()] ?? Number(name);
    const [from, to] = range === '*' || range === '?' ? [low, high] : range.split('-').map(value);
    const last = to ?? (part.includes('/') ? high : from);
    if (from === undefined || last === undefined || !(from >= low) || !(last <= high) || Number(step) < 1) {
      throw new Error(`the local cloud does not know the cron field '${text}'`);
    }
    for (let each = from; each <= last; each += Number(step)) allowed.add(each);
  }
  return allowed;
}

function cron(text: string, timeZone: string): Schedule {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 6) throw new Error(`cron takes six fields: ${text}`);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = parts;
  const minutes = field(minute, 0, 59);
  const hours = field(hour, 0, 23);
  const days = field(day, 1, 31);
  const months = field(month, 1, 12);
  const weekdays = field(weekday, 1, 7);
  const years = field(year, 1970, 2199);
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
  const matches = (time: Date): boolean => {
    const local = Object.fromEntries(format.formatToParts(time).map((part) => [part.type, part.value]));
    return (
      minutes.has(Number(local.minute)) &&
      hours.has(Number(local.hour)) &&
      days.has(Number(local.day)) &&
      months.has(Number(local.month)) &&
      weekdays.has(names[String(local.weekday).toUpperCase()] ?? 0) &&
      years.has(Number(local.year))
    );
  };
  return {
    next(after) {
      // A year of minutes at most; a schedule that is rarer has no place on a developer's machine.
      const first = Math.floor(after.getTime() / 60_000) * 60_000 + 60_000;
      for (let time = first; time < first + 366 * unitDay; time += 60_000) {
        if (matches(new Date(time))) return new Date(time);
      }
      return undefined;
    },
  };
}

const unitDay = 86_400_000;
