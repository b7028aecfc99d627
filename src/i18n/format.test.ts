import { describe, expect, test } from 'vitest';
import { formatDuration } from '../../amplify/core/duration-text.ts';
import { languages } from '../../amplify/core/language.ts';
import { daysBetween, formatSeconds, formatSize } from './format.ts';
import { loadTexts, pickLanguage } from './texts.ts';

describe('a duration', () => {
  test.each([
    [0, '0 sec', '0초'],
    [47_400, '47 sec', '47초'],
    [65_000, '1 min 5 sec', '1분 5초'],
    [120_000, '2 min', '2분'],
    [541_000, '9 min', '9분'],
    [3_595_000, '1 hr', '1시간'],
    [3_600_000, '1 hr', '1시간'],
    [5_400_000, '1 hr 30 min', '1시간 30분'],
    [7_199_000, '2 hr', '2시간'],
    [131_000_000, '36 hr', '36시간'],
    [-5000, '0 sec', '0초'],
  ])('of %i ms reads well in both languages', (ms, en, ko) => {
    expect(formatDuration('en', ms)).toBe(en);
    expect(formatDuration('ko', ms)).toBe(ko);
  });

  test('never reads 60 seconds', () => expect(formatDuration('en', 59_800)).toBe('1 min'));
});

test.each([
  [420, '0.4 sec', '0.4초'],
  [20, '0.1 sec', '0.1초'],
  [12_000, '12 sec', '12초'],
])('a short time of %i ms reads well in both languages', (ms, en, ko) => {
  expect(formatSeconds('en', ms)).toBe(en);
  expect(formatSeconds('ko', ms)).toBe(ko);
});

test.each([
  [1, '1 byte', '1바이트'],
  [33, '33 bytes', '33바이트'],
  [48_200, '48 kB', '48kB'],
  [1_440_000, '1.4 MB', '1.4MB'],
])('a size of %i bytes reads well in both languages', (bytes, en, ko) => {
  expect(formatSize('en', bytes)).toBe(en);
  expect(formatSize('ko', bytes)).toBe(ko);
});

test('days are counted by the calendar, not by hours', () => {
  expect(daysBetween(new Date(2026, 0, 1, 23, 59), new Date(2026, 0, 2, 0, 1))).toBe(1);
  expect(daysBetween(new Date(2026, 0, 1, 0, 1), new Date(2026, 0, 1, 23, 59))).toBe(0);
});

describe('the language', () => {
  test.each([
    [['ko-KR', 'en'], 'ko'],
    [['en-GB'], 'en'],
    [['fr', 'ko'], 'ko'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('for %j is %s', (preferred, expected) => expect(pickLanguage(preferred)).toBe(expected));

  test('has no empty text', async () => {
    const empty = (value: unknown): boolean =>
      value === '' || (typeof value === 'object' && value !== null && Object.values(value).some(empty));
    for (const language of languages) expect(empty(await loadTexts(language))).toBe(false);
  });

  test('Korean offers as many examples as English', async () => {
    const [ko, en] = await Promise.all([loadTexts('ko'), loadTexts('en')]);
    expect(ko.first.examples).toHaveLength(en.first.examples.length);
  });
});
