import { describe, expect, it } from 'vitest';
import { AwsError } from '../../service.ts';
import type { Json, JsonObject } from '../json.ts';
import { callDynamoDb } from './dynamodb.ts';

type Answer = JsonObject | ((body: JsonObject) => JsonObject);

function run(request: Json, answers: Record<string, Answer> = {}) {
  const calls: [string, JsonObject][] = [];
  const result = callDynamoDb(
    async (operation, body) => {
      calls.push([operation, body]);
      const answer = answers[operation] ?? {};
      return typeof answer === 'function' ? answer(body) : answer;
    },
    'Notes',
    request,
  );
  return { result, calls };
}

const conditionFailed = () => {
  throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400);
};
const key = { id: { S: 'n1' } };

describe('the DynamoDB data source', () => {
  it('gets an item as plain values: numbers as numbers, sets as lists', async () => {
    const { result, calls } = run(
      {
        operation: 'GetItem',
        key,
        consistentRead: true,
        projection: { expression: '#a', expressionNames: { '#a': 'a' } },
      },
      {
        GetItem: {
          Item: {
            id: { S: 'n1' },
            n: { N: '1.5' },
            s: { SS: ['a'] },
            ns: { NS: ['1', '2'] },
            m: { M: { l: { L: [{ NULL: true }] } } },
          },
        },
      },
    );
    expect(await result).toEqual({ id: 'n1', n: 1.5, s: ['a'], ns: [1, 2], m: { l: [null] } });
    expect(calls).toEqual([
      [
        'GetItem',
        {
          TableName: 'Notes',
          Key: key,
          ConsistentRead: true,
          ProjectionExpression: '#a',
          ExpressionAttributeNames: { '#a': 'a' },
        },
      ],
    ]);
  });

  it('gives null for an item that is not there', async () => {
    expect(await run({ operation: 'GetItem', key }).result).toBeNull();
  });

  it('puts key and attributes, in DynamoDB’s wire form, and gives back the item', async () => {
    const { result, calls } = run({
      operation: 'PutItem',
      key,
      attributeValues: { n: { N: 2 }, gone: { NULL: null } },
    });
    expect(await result).toEqual({ id: 'n1', n: 2, gone: null });
    expect(calls[0]?.[1]).toEqual({
      TableName: 'Notes',
      Item: { id: { S: 'n1' }, n: { N: '2' }, gone: { NULL: true } },
    });
  });

  it('merges the names and values of an update and its condition', async () => {
    const { result, calls } = run(
      {
        operation: 'UpdateItem',
        key,
        update: {
          expression: 'SET #a = :a',
          expressionNames: { '#a': 'a' },
          expressionValues: { ':a': { N: 1 } },
        },
        condition: {
          expression: '#b = :b',
          expressionNames: { '#b': 'b' },
          expressionValues: { ':b': { S: 'x' } },
        },
      },
      { UpdateItem: { Attributes: { id: { S: 'n1' }, a: { N: '1' } } } },
    );
    expect(await result).toEqual({ id: 'n1', a: 1 });
    expect(calls[0]?.[1]).toEqual({
      TableName: 'Notes',
      Key: key,
      UpdateExpression: 'SET #a = :a',
      ConditionExpression: '#b = :b',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':a': { N: '1' }, ':b': { S: 'x' } },
      ReturnValues: 'ALL_NEW',
    });
  });

  it('pages through a query with an opaque token', async () => {
    const request = {
      operation: 'Query',
      index: 'byFolder',
      limit: 1,
      query: { expression: 'f = :f', expressionValues: { ':f': { S: 'x' } } },
    };
    const first = await run(request, {
      Query: { Items: [{ id: { S: 'a' } }], ScannedCount: 1, LastEvaluatedKey: { id: { S: 'a' } } },
    }).result;
    expect(first).toMatchObject({ items: [{ id: 'a' }], scannedCount: 1, nextToken: expect.any(String) });
    const next = run(
      { ...request, nextToken: (first as JsonObject).nextToken ?? null },
      { Query: { Items: [] } },
    );
    expect(await next.result).toEqual({ items: [], scannedCount: 0, nextToken: null });
    expect(next.calls[0]?.[1]).toMatchObject({
      ExclusiveStartKey: { id: { S: 'a' } },
      ScanIndexForward: true,
      IndexName: 'byFolder',
    });
    await expect(run({ ...request, nextToken: 'made-up' }).result).rejects.toThrow(
      'Invalid pagination token',
    );
  });

  describe('when a condition failed', () => {
    const put = {
      operation: 'PutItem',
      key,
      attributeValues: { a: { N: 1 }, at: { S: 'now' } },
      condition: { expression: 'attribute_not_exists(id)' },
    };

    it('rejects with the item that is there', async () => {
      const { result, calls } = run(put, {
        PutItem: conditionFailed,
        GetItem: { Item: { id: { S: 'n1' }, a: { N: '9' } } },
      });
      await expect(result).rejects.toMatchObject({
        errorType: 'DynamoDB:ConditionalCheckFailedException',
        data: { id: 'n1', a: 9 },
        message: expect.stringMatching(
          /^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: .+\)$/,
        ),
      });
      expect(calls[1]).toEqual(['GetItem', { TableName: 'Notes', Key: key, ConsistentRead: true }]);
    });

    it('rejects without data when the role may not read the item', async () => {
      const denied = () => {
        throw new AwsError('AccessDeniedException', 'not authorized to perform: dynamodb:GetItem');
      };
      await expect(run(put, { PutItem: conditionFailed, GetItem: denied }).result).rejects.toMatchObject({
        errorType: 'DynamoDB:ConditionalCheckFailedException',
        data: null,
      });
    });

    it('succeeds when the item already is what was wanted, but for ignored attributes', async () => {
      const there = {
        GetItem: { Item: { id: { S: 'n1' }, a: { N: '1' }, at: { S: 'before' } } },
        PutItem: conditionFailed,
      };
      await expect(run(put, there).result).rejects.toThrow('The conditional request failed');
      const ignoring = { ...put, condition: { ...put.condition, equalsIgnore: ['at'] } };
      expect(await run(ignoring, there).result).toEqual({ id: 'n1', a: 1, at: 'before' });
    });

    it('takes a delete of what is not there for done, and never an update', async () => {
      const condition = { expression: 'x = :x' };
      expect(
        await run({ operation: 'DeleteItem', key, condition }, { DeleteItem: conditionFailed }).result,
      ).toBeNull();
      const update = run(
        { operation: 'UpdateItem', key, condition, update: { expression: 'SET a = :a' } },
        { UpdateItem: conditionFailed },
      );
      await expect(update.result).rejects.toMatchObject({ data: null });
    });
  });

  it('calls an exception that AppSync does not name DynamoDbException', async () => {
    const denied = () => {
      throw new AwsError('AccessDeniedException', 'User: x is not authorized', 400);
    };
    await expect(run({ operation: 'GetItem', key }, { GetItem: denied }).result).rejects.toMatchObject({
      errorType: 'DynamoDB:DynamoDbException',
      message: expect.stringContaining('User: x is not authorized'),
    });
  });

  it('answers a batch in the order of its keys, with null for what is missing', async () => {
    const { result } = run(
      { operation: 'BatchGetItem', tables: { Notes: { keys: [{ id: { S: 'a' } }, { id: { S: 'b' } }] } } },
      { BatchGetItem: { Responses: { Notes: [{ id: { S: 'b' }, n: { N: '1' } }] } } },
    );
    expect(await result).toEqual({
      data: { Notes: [null, { id: 'b', n: 1 }] },
      unprocessedKeys: { Notes: [] },
    });
  });

  it('writes batches of puts and deletes', async () => {
    const put = run({ operation: 'BatchPutItem', tables: { Notes: [{ id: { S: 'a' } }] } });
    expect(await put.result).toEqual({ data: { Notes: [{ id: 'a' }] }, unprocessedItems: { Notes: [] } });
    expect(put.calls[0]).toEqual([
      'BatchWriteItem',
      { RequestItems: { Notes: [{ PutRequest: { Item: { id: { S: 'a' } } } }] } },
    ]);
    const gone = run({ operation: 'BatchDeleteItem', tables: { Notes: [{ id: { S: 'a' } }] } });
    expect(await gone.result).toEqual({ data: { Notes: [{ id: 'a' }] }, unprocessedKeys: { Notes: [] } });
  });

  it('gives a cancelled transaction its reasons', async () => {
    const request = {
      operation: 'TransactWriteItems',
      transactItems: [{ table: 'Notes', operation: 'DeleteItem', key, condition: { expression: 'x = :x' } }],
    };
    expect(await run(request).result).toEqual({ keys: [{ id: 'n1' }], cancellationReasons: null });
    const cancelled = () => {
      throw Object.assign(new AwsError('TransactionCanceledException', 'Cancelled', 400), {
        CancellationReasons: [
          { Code: 'ConditionalCheckFailed', Message: 'failed', Item: { id: { S: 'n1' } } },
        ],
      });
    };
    const plain = () => {
      throw new AwsError(
        'TransactionCanceledException',
        'Cancelled, specific reasons [ConditionalCheckFailed, None]',
      );
    };
    await expect(run(request, { TransactWriteItems: plain }).result).rejects.toMatchObject({
      data: { cancellationReasons: [{ type: 'ConditionalCheckFailed' }, { type: 'None' }] },
    });
    await expect(run(request, { TransactWriteItems: cancelled }).result).rejects.toMatchObject({
      errorType: 'DynamoDB:TransactionCanceledException',
      data: {
        keys: null,
        cancellationReasons: [{ type: 'ConditionalCheckFailed', message: 'failed', item: { id: 'n1' } }],
      },
    });
  });

  it.each([
    [{ operation: 'Sync' }, 'does not serve the operation Sync'],
    [{ operation: 'GetItem' }, 'is not valid'],
    [{ operation: 'GetItem', key: { id: 'plain' } }, 'not an attribute value'],
    [null, 'it is not an object'],
  ])('refuses %j', async (request, message) => {
    const { result, calls } = run(request as Json);
    await expect(result).rejects.toThrow(message);
    expect(calls).toEqual([]);
  });
});
