import { describe, expect, it } from 'vitest';
import { createCall, createMappingContext } from '../mapping-under-test.ts';
import { vtlMapping } from './mapping.ts';

const request = (template: string, over = {}) => {
  const context = createMappingContext(over);
  const call = createCall();
  return { context, call, evaluation: vtlMapping('Query.thing', template, undefined).request(context, call) };
};
const value = (template: string, over = {}) => request(template, over).evaluation.value;

describe('a VTL mapping', () => {
  it('reads its output as JSON', () => {
    expect(
      value('{"a": $util.toJson($ctx.args), "who": "$ctx.identity.sub"}', { arguments: { x: 1 } }),
    ).toEqual({
      a: { x: 1 },
      who: 'sub-1',
    });
  });

  it('says so when its output is not JSON', () => {
    expect(() => value('{"a": $nothing}')).toThrow(/not JSON/);
  });

  it('keeps what it puts into the stash and the arguments', () => {
    const { context } = request('$util.qr($ctx.stash.put("k", [1]))#set($ctx.args.filter = {"a": 1}){}');
    expect(context.stash).toEqual({ k: [1] });
    expect(context.arguments).toEqual({ filter: { a: 1 } });
  });

  it('reads the text of #return($util.toJson(...)) as the value', () => {
    expect(request('#return($util.toJson({"a": 1}))').evaluation).toEqual({
      value: { a: 1 },
      early: 'return',
    });
  });

  it('raises $util.error with type, data and info', () => {
    expect(() => value('$util.error("No", "Type", {"d": 1}, {"i": 2})')).toThrow(
      expect.objectContaining({ message: 'No', errorType: 'Type', data: { d: 1 }, errorInfo: { i: 2 } }),
    );
  });

  it('goes on after $util.appendError', () => {
    const { call, evaluation } = request('$util.appendError("Careful", "Soft")"done"');
    expect(evaluation.value).toBe('done');
    expect(call.errors.map(({ message, errorType }) => [message, errorType])).toEqual([['Careful', 'Soft']]);
  });

  it("answers $util.unauthorized() in AppSync's words", () => {
    expect(() => value('$util.unauthorized()')).toThrow(
      expect.objectContaining({
        message: 'Not Authorized to access thing on type Query',
        errorType: 'Unauthorized',
      }),
    );
  });

  it.each([
    ['$util.isNull($ctx.nothing)', true],
    ['$util.isNullOrEmpty("")', true],
    ['$util.isNullOrBlank("  ")', true],
    ['"$util.defaultIfNullOrBlank(" ", "d")"', 'd'],
    ['"$util.typeOf([])"', 'List'],
    ['$util.toJson($util.parseJson(\'{"a": [1, null]}\'))', { a: [1, null] }],
    ['$util.toJson($util.parseJson("3f2504e0-4f89-41d3-9a0c"))', null],
    [
      '$util.toJson($util.dynamodb.toMapValues({"a": "s", "b": [1, true], "c": null}))',
      { a: { S: 's' }, b: { L: [{ N: 1 }, { BOOL: true }] }, c: { NULL: null } },
    ],
    ['$util.dynamodb.toStringSetJson(["a"])', { SS: ['a'] }],
    ['$util.toJson($util.list.copyAndRemoveAll([1, 2, 3], [2]))', [1, 3]],
    ['$util.toJson($util.map.copyAndRetainAllKeys({"a": 1, "b": 2}, ["b"]))', { b: 2 }],
    ['$util.matches("^a+$", "aaa")', true],
    ['"$util.time.nowISO8601()"', '2026-05-04T03:02:01.007Z'],
    ['$util.time.nowEpochSeconds()', 1777863721],
    ['"$util.authType()"', 'User Pool Authorization'],
    ['"$util.str.toUpper("abc")"', 'ABC'],
    ['"$util.urlEncode("a b&c")"', 'a+b%26c'],
    [
      '$util.toJson($util.transform.toSubscriptionFilter({"or": [{"a": {"eq": 1}}, {"b": {"gt": 2}}]}))',
      {
        filterGroup: [
          { filters: [{ fieldName: 'a', operator: 'eq', value: 1 }] },
          { filters: [{ fieldName: 'b', operator: 'gt', value: 2 }] },
        ],
      },
    ],
  ])('%s', (template, expected) => {
    expect(value(template)).toEqual(expected);
  });

  it('names a utility that it does not know, with its line', () => {
    expect(() => value('\n$util.teleport("x")')).toThrow(
      '$util.teleport is not known (line 2 of the template)',
    );
  });

  it('sets a subscription filter from an object or its JSON text', () => {
    const { call } = request(
      '$extensions.setSubscriptionFilter($util.transform.toSubscriptionFilter({"a": {"eq": 1}}))null',
    );
    expect(call.subscriptionFilter).toEqual({
      filterGroup: [{ filters: [{ fieldName: 'a', operator: 'eq', value: 1 }] }],
    });
  });

  it('refuses a template that does not parse, naming the resolver', () => {
    expect(() => vtlMapping('Query.thing', '#if($a', undefined)).toThrow(
      'The request template of Query.thing',
    );
  });
});
