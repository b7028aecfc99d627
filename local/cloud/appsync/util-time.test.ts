import { describe, expect, it } from 'vitest';
import { formatTime, parseIso8601, parseTime } from './util-time.ts';

const moment = Date.parse('2026-05-04T13:02:01.007Z');

describe('util.time', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss.SSSZ', undefined, '2026-05-04 13:02:01.007+0000'],
    ["EEE, d MMM yyyy h:mm a 'o''clock'", undefined, "Mon, 4 May 2026 1:02 PM o'clock"],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", 'Asia/Seoul', '2026-05-04T22:02:01+09:00'],
    ["yyyy-MM-dd'T'HH:mmX", undefined, '2026-05-04T13:02Z'],
  ])('writes %s in %s', (pattern, zone, expected) => {
    expect(formatTime(moment, pattern, zone)).toBe(expected);
  });

  it.each([
    ['2026-05-04 13:02:01.007+0000', 'yyyy-MM-dd HH:mm:ss.SSSZ', undefined, moment],
    ['2026-05-04 22:02', 'yyyy-MM-dd HH:mm', 'Asia/Seoul', Date.parse('2026-05-04T13:02:00Z')],
    ['4 May 2026 1 PM', 'd MMM yyyy h a', undefined, Date.parse('2026-05-04T13:00:00Z')],
  ])('reads %s by %s in %s', (text, pattern, zone, expected) => {
    expect(parseTime(text, pattern, zone)).toBe(expected);
  });

  it('refuses what it can not read, a letter and a zone that it does not know', () => {
    expect(() => parseTime('yesterday', 'yyyy')).toThrow('Unable to parse');
    expect(() => parseIso8601('yesterday')).toThrow('Unable to parse');
    expect(() => formatTime(moment, 'Q')).toThrow('The letter Q');
    expect(() => formatTime(moment, 'yyyy', 'Mars/Olympus')).toThrow('time zone');
  });
});
