import { expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';

const at = (text: string) => new Date(text);

test.each([
  ['rate(5 minutes)', 'UTC', '2026-01-01T00:00:30Z', '2026-01-01T00:05:30.000Z'],
  ['cron(0/5 * * * ? *)', 'UTC', '2026-01-01T00:01:00Z', '2026-01-01T00:05:00.000Z'],
  ['cron(0 */1 * * ? *)', 'UTC', '2026-01-01T00:01:00Z', '2026-01-01T01:00:00.000Z'],
  ['cron(30 9 ? * MON-FRI *)', 'UTC', '2026-01-02T10:00:00Z', '2026-01-05T09:30:00.000Z'],
  ['cron(0 9 * * ? *)', 'Asia/Seoul', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
  ['cron(0 12 1 JAN ? *)', 'UTC', '2026-01-02T00:00:00Z', '2027-01-01T12:00:00.000Z'],
  ['cron(15 10 ? * 2 *)', 'America/New_York', '2026-07-01T00:00:00Z', '2026-07-06T14:15:00.000Z'],
  // Clocks go forward past 02:30 on 29 March and show it twice on 25 October.
  ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00.000Z'],
  ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
  ['at(2026-07-01T10:00:00)', 'Europe/Berlin', '2026-01-01T00:00:00Z', '2026-07-01T08:00:00.000Z'],
  ['at(2026-03-01T10:00:00)', 'UTC', '2026-01-01T00:00:00Z', '2026-03-01T10:00:00.000Z'],
])('%s in %s comes next after %s at %s', (expression, zone, after, expected) => {
  expect(parseSchedule(expression, zone).next(at(after))?.toISOString()).toBe(expected);
});

test.each([
  'rate(5)',
  'cron(* * *)',
  'cron(61 * * * ? *)',
  'cron(0 0 L * ? *)',
  'every day',
  'cron(0 0 1 * MON *)',
  'cron(0 0 * * * *)',
])('%s is refused', (text) => {
  expect(() => parseSchedule(text)).toThrow();
});
