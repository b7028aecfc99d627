import { describe, expect, test } from 'vitest';
import type { Cadence } from './cadence.ts';
import { firstTime, nextTime } from './next-time.ts';

const ms = (iso: string) => Date.parse(iso);
const cron = (expression: string, zone = 'Asia/Seoul'): Cadence => ({ kind: 'cron', expression, zone });
/** The next times, one after the other. */
const times = (value: Cadence, from: string, count: number) => {
  const found: string[] = [];
  for (let after: number | null = ms(from); found.length < count && after !== null; ) {
    after = nextTime(value, after);
    if (after !== null) found.push(new Date(after).toISOString());
  }
  return found;
};

describe('The next time', () => {
  test('of every weekday at eight skips the weekend, on the clock of its zone', () => {
    // 2026-11-26 is a Thursday.
    expect(times(cron('0 8 * * 1-5'), '2026-11-26T07:00:00Z', 3)).toEqual([
      '2026-11-26T23:00:00.000Z',
      '2026-11-29T23:00:00.000Z',
      '2026-11-30T23:00:00.000Z',
    ]);
  });

  test('stays at the hour on the clock through summer time', () => {
    expect(times(cron('0 8 * * *', 'Europe/Berlin'), '2026-03-28T00:00:00Z', 2)).toEqual([
      '2026-03-28T07:00:00.000Z',
      '2026-03-29T06:00:00.000Z',
    ]);
  });

  test('that the clock leaves out in spring comes as soon as there is one, and one that it repeats comes once', () => {
    expect(times(cron('30 2 * * *', 'America/New_York'), '2026-03-07T12:00:00Z', 2)).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T06:30:00.000Z',
    ]);
    expect(times(cron('30 1 * * *', 'America/New_York'), '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
  });

  test('of a day that few months or years have is that day', () => {
    expect(times(cron('0 8 31 * *'), '2026-11-26T00:00:00Z', 2)).toEqual([
      '2026-12-30T23:00:00.000Z',
      '2027-01-30T23:00:00.000Z',
    ]);
    expect(times(cron('0 8 29 2 *'), '2026-11-26T00:00:00Z', 1)).toEqual(['2028-02-28T23:00:00.000Z']);
  });

  test('of so many minutes is counted from its beginning, however late it is asked for', () => {
    const every: Cadence = { kind: 'every', minutes: 90, from: '2026-11-26T00:00:00Z' };
    expect(times(every, '2026-11-25T00:00:00Z', 2)).toEqual([
      '2026-11-26T00:00:00.000Z',
      '2026-11-26T01:30:00.000Z',
    ]);
    expect(times(every, '2026-11-26T10:00:00Z', 1)).toEqual(['2026-11-26T10:30:00.000Z']);
    expect(times(every, '2026-11-26T10:30:00Z', 1)).toEqual(['2026-11-26T12:00:00.000Z']);
  });

  test('of what comes once is none when it has come', () => {
    const once: Cadence = { kind: 'once', at: '2026-11-27T06:00:00Z' };
    expect(times(once, '2026-11-26T00:00:00Z', 5)).toEqual(['2026-11-27T06:00:00.000Z']);
  });
});

describe('A cadence', () => {
  const now = ms('2026-11-26T07:00:00Z');
  const code = (value: Cadence) => {
    try {
      return new Date(firstTime(value, now)).toISOString();
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test.each([
    ['a time that has passed', { kind: 'once', at: '2026-11-26T07:00:00Z' }, 'schedule.past'],
    ['a day that never comes', cron('0 8 30 2 *'), 'schedule.cron_invalid'],
    ['a minute that no hour has', cron('99 8 * * *'), 'schedule.cron_invalid'],
    ['words', cron('every day at eight'), 'schedule.cron_invalid'],
    ['seconds', cron('0 0 8 * * 1-5'), 'schedule.cron_invalid'],
    ['a nickname', cron('@daily'), 'schedule.cron_invalid'],
    ['a date', cron('2099-01-01T00:00:00'), 'schedule.cron_invalid'],
    ['a zone that is on no map', cron('0 8 * * *', 'Mars/Olympus'), 'schedule.zone_invalid'],
    ['every ten minutes', cron('*/10 * * * *'), 'schedule.too_often'],
    ['twice within five minutes, once a year', cron('0,5 8 1 1 *'), 'schedule.too_often'],
    ['every minute of an hour', cron('* 8 * * *'), 'schedule.too_often'],
    ['fourteen minutes', { kind: 'every', minutes: 14, from: '2026-11-26T07:00:00Z' }, 'schedule.too_often'],
  ] as const)('of %s is refused', (_name, value, expected) => {
    expect(code(value)).toBe(expected);
  });

  test.each([
    ['a quarter of an hour', cron('*/15 * * * *'), '2026-11-26T07:15:00.000Z'],
    ['the last day of the month', cron('0 8 L * *'), '2026-11-29T23:00:00.000Z'],
    ['Sunday as seven', cron('0 8 * * 7'), '2026-11-28T23:00:00.000Z'],
    ['Monday by its name', cron('0 8 * * MON'), '2026-11-29T23:00:00.000Z'],
    ['a minute from now', { kind: 'once', at: '2026-11-26T07:01:00Z' }, '2026-11-26T07:01:00.000Z'],
  ] as const)('of %s begins when it says', (_name, value, expected) => {
    expect(code(value)).toBe(expected);
  });
});
