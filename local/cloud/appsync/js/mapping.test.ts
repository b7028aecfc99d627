import { describe, expect, it } from 'vitest';
import { createCall, createMappingContext } from '../mapping-under-test.ts';
import { jsMapping } from './mapping.ts';

const code = (request: string, response = 'return ctx.result;', head = '') => `
import { util, extensions, runtime } from '@aws-appsync/utils';
import * as ddb from '@aws-appsync/utils/dynamodb';
${head}
export function request(ctx) { ${request} }
export function response(ctx) { ${response} }`;

function run(request: string, over = {}, head = '') {
  const context = createMappingContext(over);
  const call = createCall();
  return {
    context,
    call,
    evaluation: jsMapping('thing.js', code(request, undefined, head)).request(context, call),
  };
}
const value = (expression: string, over = {}) => run(`return ${expression};`, over).evaluation.value;

describe('an APPSYNC_JS mapping', () => {
  it('sees arguments, identity, info, env and the previous result', () => {
    const over = { arguments: { a: 1 }, prev: { p: 2 }, env: { TABLE: 't' } };
    expect(
      value(
        '[ctx.args.a, ctx.arguments.a, ctx.identity.sub, ctx.info.fieldName, ctx.prev.result.p, ctx.env.TABLE]',
        over,
      ),
    ).toEqual([1, 1, 'sub-1', 'thing', 2, 't']);
  });

  it('keeps the stash and the arguments, and nothing in its own variables', () => {
    const mapping = jsMapping(
      'thing.js',
      code('count += 1; ctx.stash.n = count; return null;', undefined, 'let count = 0;'),
    );
    const context = createMappingContext();
    mapping.request(context, createCall());
    mapping.request(context, createCall());
    expect(context.stash).toEqual({ n: 1 });
  });

  it('has no error in ctx unless the data source failed', () => {
    expect(value('ctx.error === undefined')).toBe(true);
    expect(value('ctx.error.type', { error: { message: 'm', type: 't' } })).toBe('t');
  });

  it('raises util.error with type, data and info', () => {
    expect(() => run("util.error('No', 'Type', { d: 1 }, { i: 2 });")).toThrow(
      expect.objectContaining({ message: 'No', errorType: 'Type', data: { d: 1 }, errorInfo: { i: 2 } }),
    );
  });

  it('ends with the value of runtime.earlyReturn', () => {
    expect(run('runtime.earlyReturn({ a: 1 });').evaluation).toEqual({ value: { a: 1 }, early: 'NEXT' });
    expect(run("runtime.earlyReturn(1, { skipTo: 'END' });").evaluation).toEqual({ value: 1, early: 'END' });
  });

  it('sets a subscription filter', () => {
    const { call } = run(
      'extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ owner: { eq: ctx.identity.sub } })); return null;',
    );
    expect(call.subscriptionFilter).toEqual({
      filterGroup: [{ filters: [{ fieldName: 'owner', operator: 'eq', value: 'sub-1' }] }],
    });
  });

  it('logs what console prints', () => {
    const { call } = run("console.log('a', { b: 1 }); return null;");
    expect(call.logged).toEqual([['log', 'a', { b: 1 }]]);
  });

  it.each([
    ['util.explode()', 'util.explode is not a function of APPSYNC_JS'],
    ['util.dynamodb.toSpace(1)', 'util.dynamodb.toSpace is not a function of APPSYNC_JS'],
    ['util.isNull(1)', 'util.isNull is not a function of APPSYNC_JS'],
    ['new Map()', 'Map is not defined'],
    ['setTimeout', 'setTimeout is not defined'],
    ['globalThis', 'globalThis is not defined'],
    ['[1].keys()', 'keys is not a function'],
    ['ctx.nothing.at.all', "reading 'at'"],
  ])('%s fails and says why', (expression, message) => {
    expect(() => value(expression)).toThrow(message);
  });

  it.each([
    ["import fs from 'node:fs';", 'APPSYNC_JS offers only'],
    ["import { rds } from '@aws-appsync/utils';", 'does not export'],
    ["import { fly } from '@aws-appsync/utils/dynamodb';", 'does not export'],
  ])('%s is refused when it is read', (head, message) => {
    expect(() => jsMapping('thing.js', code('return null;', undefined, head))).toThrow(message);
  });

  it('is refused without both handlers', () => {
    expect(() => jsMapping('thing.js', 'export function request() { return null }')).toThrow(
      'does not export the function response',
    );
  });

  it('is refused with every fault, its rule and its place', () => {
    expect(() => jsMapping('thing.js', 'export async function request() {}\nclass A {}')).toThrow(
      /thing\.js:1:8 .*\(no-async\)\nthing\.js:2:1 .*\(no-classes\)/,
    );
  });

  it.each([
    [
      'ddb.get({ key: { id: 1 }, consistentRead: true, projection: ["a", "b.c[0]"] })',
      {
        operation: 'GetItem',
        key: { id: { N: 1 } },
        consistentRead: true,
        projection: { expression: '#a, #b.#c[0]', expressionNames: { '#a': 'a', '#b': 'b', '#c': 'c' } },
      },
    ],
    [
      'ddb.put({ key: { id: "x" }, item: { a: undefined, b: [true] }, condition: { id: { attributeExists: false } } })',
      {
        operation: 'PutItem',
        key: { id: { S: 'x' } },
        attributeValues: { a: { NULL: null }, b: { L: [{ BOOL: true }] } },
        condition: {
          expression: 'attribute_not_exists(#id)',
          expressionNames: { '#id': 'id' },
          expressionValues: {},
        },
      },
    ],
    [
      'ddb.update({ key: { id: "x" }, update: { a: 1, n: ddb.operations.increment(2), gone: ddb.operations.remove(), deep: { b: "c" } } })',
      {
        operation: 'UpdateItem',
        key: { id: { S: 'x' } },
        update: {
          expression:
            'SET #expName_1 = :expValue_1, #expName_2 = #expName_2 + :expValue_2, #expName_4.#expName_5 = :expValue_3 REMOVE #expName_3',
          expressionNames: {
            '#expName_1': 'a',
            '#expName_2': 'n',
            '#expName_3': 'gone',
            '#expName_4': 'deep',
            '#expName_5': 'b',
          },
          expressionValues: { ':expValue_1': { N: 1 }, ':expValue_2': { N: 2 }, ':expValue_3': { S: 'c' } },
        },
      },
    ],
    [
      'ddb.query({ query: { id: { eq: "x" }, at: { gt: 3 } }, index: "i", limit: 5, scanIndexForward: false, nextToken: null })',
      {
        operation: 'Query',
        query: {
          expression: '(#id = :id_eq AND #at > :at_gt)',
          expressionNames: { '#id': 'id', '#at': 'at' },
          expressionValues: { ':id_eq': { S: 'x' }, ':at_gt': { N: 3 } },
        },
        index: 'i',
        limit: 5,
        scanIndexForward: false,
      },
    ],
    [
      'ddb.transactWrite({ items: [{ putItem: { table: "t", key: { id: 1 }, item: { a: 2 } } }, { deleteItem: { table: "t", key: { id: 2 } } }] })',
      {
        operation: 'TransactWriteItems',
        transactItems: [
          { operation: 'PutItem', table: 't', key: { id: { N: 1 } }, attributeValues: { a: { N: 2 } } },
          { operation: 'DeleteItem', table: 't', key: { id: { N: 2 } } },
        ],
      },
    ],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });
});
