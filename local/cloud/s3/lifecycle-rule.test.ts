import { expect, test } from 'vitest';
import { expires, lifecycleRulesOf } from './lifecycle-rule.ts';

const time = (text: string) => Date.parse(`2026-${text}Z`);
const [rule] = lifecycleRulesOf(
  [{ Status: 'Enabled', Prefix: 'tmp/', ExpirationInDays: 2, ObjectSizeGreaterThan: 10 }],
  'b',
);
const object = { key: 'tmp/x', size: 11, modifiedAt: time('05-01T10:30:00'), info: {} };
const gone = (changes: object, now: string) => rule && expires(rule, { ...object, ...changes }, time(now));

test('days are counted to the midnight after them', () => {
  expect(gone({}, '05-03T23:59:59')).toBe(false);
  expect(gone({}, '05-04T00:00:00')).toBe(true);
});

test('a rule is about its prefix and sizes only', () => {
  expect(gone({ key: 'other/x' }, '06-01T00:00:00')).toBe(false);
  expect(gone({ size: 10 }, '06-01T00:00:00')).toBe(false);
});

test('a rule for tags is about what has all of them', () => {
  const filters = [
    { Key: 'a', Value: 'b' },
    { Key: 'c', Value: 'd' },
  ];
  const [tagged] = lifecycleRulesOf([{ Status: 'Enabled', ExpirationInDays: 1, TagFilters: filters }], 'b');
  const goes = (info: { tags?: Record<string, string> }) =>
    tagged && expires(tagged, { ...object, info }, time('06-01T00:00:00'));
  expect(goes({ tags: { a: 'b', c: 'd', e: 'f' } })).toBe(true);
  expect(goes({ tags: { a: 'b', c: 'x' } })).toBe(false);
  expect(goes({ tags: { a: 'b' } })).toBe(false);
  expect(goes({})).toBe(false);
});

test('disabled rules do nothing; unknown ones are refused', () => {
  expect(lifecycleRulesOf([{ Status: 'Disabled', ExpirationInDays: 1 }], 'b')).toEqual([]);
  expect(() => lifecycleRulesOf([{ Status: 'Enabled', Melt: 1 }], 'b')).toThrow('Melt');
});
