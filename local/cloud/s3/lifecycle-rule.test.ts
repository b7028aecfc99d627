import { expect, test } from 'vitest';
import { expires, lifecycleRulesOf } from './lifecycle-rule.ts';

const time = (text: string) => Date.parse(`2026-${text}Z`);
const [rule] = lifecycleRulesOf(
  [{ Status: 'Enabled', Prefix: 'tmp/', ExpirationInDays: 2, ObjectSizeGreaterThan: 10 }],
  'b',
);
const object = { key: 'tmp/x', size: 11, modifiedAt: time('05-01T10:30:00') };
const gone = (changes: object, now: string) => rule && expires(rule, { ...object, ...changes }, time(now));

test('days are counted to the midnight after them', () => {
  expect(gone({}, '05-03T23:59:59')).toBe(false);
  expect(gone({}, '05-04T00:00:00')).toBe(true);
});

test('a rule is about its prefix and sizes only', () => {
  expect(gone({ key: 'other/x' }, '06-01T00:00:00')).toBe(false);
  expect(gone({ size: 10 }, '06-01T00:00:00')).toBe(false);
});

test('disabled rules and rules for tags do nothing; unknown ones are refused', () => {
  expect(lifecycleRulesOf([{ Status: 'Disabled', ExpirationInDays: 1 }], 'b')).toEqual([]);
  const tagged = { Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'a', Value: 'b' }] };
  expect(lifecycleRulesOf([tagged], 'b')).toEqual([]);
  expect(() => lifecycleRulesOf([{ Status: 'Enabled', Melt: 1 }], 'b')).toThrow('Melt');
});
