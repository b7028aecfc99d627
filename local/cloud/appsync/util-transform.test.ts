import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { toDynamoDbExpression, toSubscriptionFilter } from './util-transform.ts';

const expression = (filter: Parameters<typeof toDynamoDbExpression>[0]) =>
  toDynamoDbExpression(filter).expression;

describe('a filter as a DynamoDB expression', () => {
  it("is AppSync's own example", () => {
    expect(toDynamoDbExpression({ title: { contains: 'Hello World' } })).toEqual({
      expression: 'contains(#title, :title_contains)',
      expressionNames: { '#title': 'title' },
      expressionValues: { ':title_contains': { S: 'Hello World' } },
    });
  });

  it.each([
    [{ a: { eq: 1 }, b: { ne: 2 } }, '(#a = :a_eq AND #b <> :b_ne)'],
    [{ or: [{ a: { lt: 1 } }, { b: { ge: 2 } }] }, '(#a < :a_lt OR #b >= :b_ge)'],
    [{ not: { a: { eq: 1 } } }, 'NOT (#a = :a_eq)'],
    [{ a: { between: [1, 2] } }, '#a BETWEEN :a_between AND :a_between_1'],
    [{ a: { in: [1, 2] } }, '#a IN (:a_in, :a_in_1)'],
    [{ a: { attributeExists: false } }, 'attribute_not_exists(#a)'],
    [{ a: { attributeType: 'stringSet' } }, 'attribute_type(#a, :a_attributeType)'],
    [{ a: { size: { gt: 3 } } }, 'size(#a) > :a_size_gt'],
    [{ a: { beginsWith: 'x' }, and: [{ b: { eq: 1 } }] }, '(begins_with(#a, :a_beginsWith) AND #b = :b_eq)'],
    [
      { a: { eq: 1 }, or: [{ a: { eq: 2 } }, { a: { eq: 3 } }] },
      '(#a = :a_eq AND (#a = :a_eq_1 OR #a = :a_eq_2))',
    ],
    [{}, ''],
  ])('%j', (filter, expected) => {
    expect(expression(filter as Json)).toBe(expected);
  });

  it('refuses an operator that does not exist', () => {
    expect(() => expression({ a: { like: 'x' } })).toThrow('the operator like on a is not known');
  });
});

describe('a filter as a subscription filter', () => {
  const groups = (...args: Parameters<typeof toSubscriptionFilter>) =>
    (
      toSubscriptionFilter(...args).filterGroup as { filters: { fieldName: string; operator: string }[] }[]
    ).map((group) => group.filters.map((rule) => `${rule.fieldName} ${rule.operator}`));

  it('makes a group of every alternative', () => {
    expect(
      groups({ a: { eq: 1 }, or: [{ b: { gt: 2 } }, { and: [{ c: { eq: 3 } }, { d: { eq: 4 } }] }] }),
    ).toEqual([
      ['a eq', 'b gt'],
      ['a eq', 'c eq', 'd eq'],
    ]);
  });

  it('asks for one of the rules besides the filter, and leaves ignored fields out', () => {
    expect(groups({ a: { eq: 1 }, b: { eq: 2 } }, ['b'], { o: { eq: 1 }, p: { eq: 2 } })).toEqual([
      ['a eq', 'o eq'],
      ['a eq', 'p eq'],
    ]);
  });
});
