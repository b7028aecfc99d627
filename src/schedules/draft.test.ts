import { describe, expect, test } from 'vitest';
import type { Cadence } from '../../amplify/core/schedule/cadence.ts';
import { cadenceText } from './cadence-text.ts';
import { cadenceOf, draftOf, emptyDraft } from './draft.ts';

const now = new Date(2026, 10, 26, 14, 20);
const cron = (expression: string, zone = 'Asia/Seoul'): Cadence => ({ kind: 'cron', expression, zone });

describe('A form of when something comes', () => {
  test('begins with the next full hour of this device’s clock, once', () => {
    const draft = emptyDraft(now);
    expect(draft).toMatchObject({ choice: 'once', date: '2026-11-26', time: '15:00' });
    expect(cadenceOf(draft)).toEqual({ kind: 'once', at: new Date(2026, 10, 26, 15).toISOString() });
  });

  test.each([
    ['daily', cron('0 8 * * *')],
    ['weekdays', cron('5 18 * * 1-5')],
    ['weekly', cron('30 9 * * 1,3,5')],
    ['weekly', cron('0 0 * * 0')],
    ['cron', cron('0 8 1 * *')],
    ['cron', cron('*/30 9-18 * * 1-5')],
    ['cron', cron('0 8 * * 2-4')],
    ['every', { kind: 'every', minutes: 90, from: '2026-11-26T00:00:00.000Z' }],
    ['once', { kind: 'once', at: '2026-12-24T17:00:00.000Z' }],
  ] as const)('shows as %s what it gives back unchanged', (choice, cadence) => {
    const draft = draftOf(cadence, now);
    expect(draft.choice).toBe(choice);
    expect(cadenceOf(draft)).toEqual(cadence);
  });

  test('gives nothing while something is missing', () => {
    const draft = emptyDraft(now);
    expect(cadenceOf({ ...draft, date: '' })).toBeNull();
    expect(cadenceOf({ ...draft, choice: 'daily', time: '' })).toBeNull();
    expect(cadenceOf({ ...draft, choice: 'weekly', days: [] })).toBeNull();
    expect(cadenceOf({ ...draft, choice: 'every', minutes: Number.NaN })).toBeNull();
  });
});

describe('A cadence is said', () => {
  test.each([
    [cron('0 8 * * *'), 'Every day at 8:00 AM', '매일 오전 8:00'],
    [cron('5 18 * * 1-5'), 'Monday to Friday at 6:05 PM', '월요일부터 금요일까지 오후 6:05'],
    [
      cron('30 9 * * 1,3,5'),
      'Monday, Wednesday, and Friday at 9:30 AM',
      '매주 월요일, 수요일 및 금요일 오전 9:30',
    ],
    [cron('0 8 1 * *'), '0 8 1 * *', '0 8 1 * *'],
    [
      cron('0 8 * * *', 'Europe/Berlin'),
      'Every day at 8:00 AM (Europe/Berlin)',
      '매일 오전 8:00 (Europe/Berlin)',
    ],
    [{ kind: 'every', minutes: 90, from: '2026-11-26T00:00:00.000Z' }, 'Every 90 minutes', '90분마다'],
  ] as const)('%o in both languages', (cadence, en, ko) => {
    // ICU puts a narrow space before AM and PM.
    const said = (language: 'en' | 'ko') =>
      cadenceText(cadence as Cadence, language, now, 'Asia/Seoul').replace(/\u202f/g, ' ');
    expect([said('en'), said('ko')]).toEqual([en, ko]);
  });
});
