import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { matchesArguments, passes, readSubscriptionFilter } from './subscription-filter.ts';

const event: Json = {
  owner: 'ann',
  count: 5,
  tags: ['x', 'y'],
  gone: null,
  place: { city: 'Bern' },
  done: false,
};
const one = (fieldName: string, operator: string, value: Json) =>
  passes(readSubscriptionFilter({ filterGroup: [{ filters: [{ fieldName, operator, value }] }] }), event);

describe('a subscription filter', () => {
  it.each([
    ['owner', 'eq', 'ann'],
    ['owner', 'ne', 'bob'],
    ['count', 'lt', 6],
    ['count', 'le', 5],
    ['count', 'gt', 4],
    ['count', 'ge', 5],
    ['count', 'between', [5, 7]],
    ['owner', 'in', ['ann', 'bob']],
    ['owner', 'notIn', ['bob']],
    ['owner', 'beginsWith', 'an'],
    ['owner', 'contains', 'nn'],
    ['owner', 'notContains', 'z'],
    ['tags', 'contains', 'x'],
    ['tags', 'notContains', 'z'],
    ['tags', 'containsAny', ['z', 'y']],
    ['place.city', 'eq', 'Bern'],
    ['done', 'eq', false],
    ['gone', 'eq', null],
  ])('lets %s %s %j pass', (field, operator, value) => {
    expect(one(field, operator, value)).toBe(true);
  });

  it.each([
    ['owner', 'eq', 'bob'],
    ['owner', 'ne', 'ann'],
    ['count', 'lt', 5],
    ['count', 'between', [6, 7]],
    ['owner', 'in', ['bob']],
    ['owner', 'notIn', ['ann']],
    ['tags', 'containsAny', ['z']],
    ['count', 'gt', '4'],
    ['unselected', 'eq', null],
    ['unselected', 'ne', 'x'],
    ['unselected', 'notContains', 'x'],
  ])('holds %s %s %j back', (field, operator, value) => {
    expect(one(field, operator, value)).toBe(false);
  });

  it('needs all rules of one group', () => {
    const filter = readSubscriptionFilter({
      filterGroup: [
        { filters: [{ fieldName: 'owner', operator: 'eq', value: 'bob' }] },
        {
          filters: [
            { fieldName: 'owner', operator: 'eq', value: 'ann' },
            { fieldName: 'count', operator: 'gt', value: 4 },
          ],
        },
      ],
    });
    expect(passes(filter, event)).toBe(true);
    expect(passes(filter, { owner: 'ann', count: 1 })).toBe(false);
  });

  it.each([
    [{}, 'no filterGroup'],
    [{ filterGroup: [{ filters: [{ fieldName: 'a', operator: 'like', value: 1 }] }] }, 'like is not known'],
    [{ filterGroup: [{ filters: [{ fieldName: 'a', operator: 'in', value: 1 }] }] }, 'takes a list'],
    [
      { filterGroup: [{ filters: [{ fieldName: 'a', operator: 'between', value: [1] }] }] },
      'takes two values',
    ],
    [{ filterGroup: Array.from({ length: 11 }, () => ({ filters: [] })) }, 'more than 10 groups'],
  ])('%j is refused', (filter, message) => {
    expect(() => readSubscriptionFilter(filter as Json)).toThrow(message);
  });

  it('without a filter, compares the arguments, and null only with null', () => {
    expect(matchesArguments({ owner: 'ann' }, event)).toBe(true);
    expect(matchesArguments({ owner: 'bob' }, event)).toBe(false);
    expect(matchesArguments({ owner: null }, event)).toBe(false);
    expect(matchesArguments({ gone: null }, event)).toBe(true);
    expect(matchesArguments({}, event)).toBe(true);
  });
});
