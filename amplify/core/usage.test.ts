import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capsOf, leftOf, refusalOf } from './spending.ts';
import { countedAt, dayOf, monthUsageOf, splitByDay, waitedOf } from './usage.ts';
import { formatMicros, formatUsage } from './usage-text.ts';

const month = '2026-11';
const noon = Date.parse('2026-11-25T12:00:00Z');
const rows = [
  {
    period: month,
    counted: 950,
    counted24: 300,
    counted25: 650,
    model24: 200,
    aws24: 100,
    model25: 400,
    aws25: 50,
    'held-x': 200,
    'task-abc': noon,
    'task-def': noon,
    seconds: 3600,
    calls: 4,
    inputTokens: 10,
    outputTokens: 5,
  },
  { period: '2026-11#one', model: 150, calls: 1, inputTokens: 3, outputTokens: 1 },
  { period: '2026-11#two', model: 450, calls: 3 },
  { period: '2026-10', counted: 7 },
];

describe('A month’s usage', () => {
  const usage = monthUsageOf(month, rows);

  test('is read day by day, model and AWS apart, with what is held and by conversation', () => {
    expect(usage).toMatchObject({ counted: 950, model: 600, aws: 150, held: 200, tasks: 2, seconds: 3600 });
    expect(usage.days).toEqual([
      { day: '2026-11-24', model: 200, aws: 100, counted: 300 },
      { day: '2026-11-25', model: 400, aws: 50, counted: 650 },
    ]);
    expect(usage.conversations.map(({ conversationId }) => conversationId)).toEqual(['two', 'one']);
  });

  test('counts against its own day and month only', () => {
    expect(countedAt(usage, noon)).toEqual({ day: 650, month: 950 });
    expect(countedAt(usage, noon + 86_400_000)).toEqual({ day: 0, month: 950 });
    expect(countedAt(usage, Date.parse('2026-12-01T00:00:00Z'))).toEqual({ day: 0, month: 0 });
  });

  test('of somebody who used nothing is nothing, and odd values count as nothing', () => {
    expect(monthUsageOf(month, [])).toMatchObject({ counted: 0, days: [], conversations: [] });
    expect(monthUsageOf(month, [{ period: month, counted: 'x', counted25: null }])).toMatchObject({
      counted: 0,
    });
  });
});

test('an interval is split at every midnight, and nothing of it is lost', () => {
  const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') });
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 40 * 86_400_000 }), (from, length) => {
      const parts = splitByDay(from, from + length);
      expect(parts.reduce((sum, part) => sum + part.to - part.from, 0)).toBe(length);
      for (const part of parts) {
        expect(dayOf(part.from)).toBe(part.day);
        expect(dayOf(part.to - 1)).toBe(part.day);
      }
    }),
  );
});

describe('Caps', () => {
  const deployment = { dayMicros: 5_000_000, monthMicros: 50_000_000, stopped: false };

  test('of an owner count where they are lower, and never raise the deployment’s', () => {
    expect(capsOf(deployment, {})).toEqual({
      dayMicros: 5_000_000,
      monthMicros: 50_000_000,
      stoppedBy: null,
    });
    expect(capsOf(deployment, { dayCapCents: 100, monthCapCents: 100_000 })).toMatchObject({
      dayMicros: 1_000_000,
      monthMicros: 50_000_000,
    });
    expect(capsOf(deployment, { dayCapCents: 0 }).dayMicros).toBe(0);
  });

  test('let an amount through up to the last millionth and no further', () => {
    const caps = capsOf(deployment, { dayCapCents: 100 });
    expect(refusalOf(caps, { day: 400_000, month: 0 }, 600_000)).toBeNull();
    expect(refusalOf(caps, { day: 400_000, month: 0 }, 600_001)).toBe('spending.day_cap');
    expect(refusalOf(caps, { day: 0, month: 49_999_999 }, 2)).toBe('spending.month_cap');
    expect(leftOf(caps, { day: 400_000, month: 400_000 })).toEqual({ day: 600_000, month: 49_600_000 });
    expect(leftOf(caps, { day: 2_000_000, month: 60_000_000 })).toEqual({ day: 0, month: 0 });
  });

  test('a kill switch refuses everything, whoever turned it', () => {
    const free = { day: 0, month: 0 };
    expect(refusalOf(capsOf(deployment, { spendingStopped: true }), free, 0)).toBe('spending.stopped');
    const stopped = capsOf({ ...deployment, stopped: true }, { spendingStopped: true });
    expect(stopped.stoppedBy).toBe('deployment');
    expect(refusalOf(stopped, free, 0)).toBe('spending.stopped');
  });
});

test('money is shown in cents, and below a cent by its first two digits', () => {
  expect(formatMicros('en', 420_000)).toBe('$0.42');
  expect(formatMicros('en', 0)).toBe('$0.00');
  expect(formatMicros('en', 1_234_567_890)).toBe('$1,234.57');
  expect(formatMicros('en', 3_149)).toBe('$0.0031');
  expect(formatMicros('ko', 420_000)).toBe('$0.42');
});

test('an answer’s usage is one line', () => {
  const usage = {
    inputTokens: 12_345,
    outputTokens: 678,
    cachedTokens: 8000,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  };
  expect(formatUsage('en', { ...usage, costMicros: 42_000 })).toBe(
    '12,345 in (8,000 from cache) · 678 out · $0.04',
  );
  expect(formatUsage('ko', { ...usage, cachedTokens: 0 })).toBe('입력 12,345 · 출력 678 · 가격 정보 없음');
});

describe('the time without work', () => {
  const waited = (row: object) => waitedOf(monthUsageOf('2026-11', [{ period: '2026-11', ...row }]));

  test('costs its part of what tasks cost', () => {
    expect(waited({ seconds: 1000, aws25: 4_000, workedMs: 250_400 })).toEqual({
      seconds: 750,
      micros: 3_000,
    });
  });

  test('is nothing while tasks have told of more work than is booked, and unknown while none has told', () => {
    expect(waited({ seconds: 100, aws25: 4_000, workedMs: 300_000 })).toEqual({ seconds: 0, micros: 0 });
    expect(waited({ seconds: 100, aws25: 4_000 })).toBeNull();
    expect(waited({ workedMs: 5 })).toBeNull();
  });
});
