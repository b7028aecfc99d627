import { expect, test } from 'vitest';
import { withoutRedundantParentheses } from './expression.ts';

test.each([
  ['((a = b)) AND c', '(a = b) AND c'],
  ['(a = b)', 'a = b'],
  ['(a = b) AND (c = d)', '(a = b) AND (c = d)'],
  ['(a = b AND (c OR d))', 'a = b AND (c OR d)'],
  ['( ( contains(a, b) ) )', '  contains(a, b)  '],
  ['NOT (attribute_exists(a))', 'NOT (attribute_exists(a))'],
  ['size(a) > (b', 'size(a) > (b'],
])('%s becomes %s', (from, to) => {
  expect(withoutRedundantParentheses(from)).toBe(to);
});
