import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';
import { fromWireMap, toWireMap } from '../util-dynamodb.ts';
import { batchDelete, batchGet, batchPut } from './dynamodb-batch.ts';
import { failedCondition } from './dynamodb-condition.ts';
import { asResolverError, errorCode } from './dynamodb-error.ts';
import { conditionOf, mergeExpressions, projectionOf } from './dynamodb-expressions.ts';
import { transactGet, transactWrite } from './dynamodb-transaction.ts';

/** One call of the DynamoDB API, e.g. `('GetItem', {TableName, Key})`, made as the data source's role. */
export type DynamoDbCall = (operation: string, body: JsonObject) => Promise<unknown>;

type Operation = (call: DynamoDbCall, table: string, request: JsonObject) => Promise<Json>;

/**
 * Runs a resolver's request against a table. Rejects with a ResolverError whose type is `DynamoDB:` and the
 * exception's name (https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html).
 */
export async function callDynamoDb(call: DynamoDbCall, table: string, request: Json): Promise<Json> {
  if (!isJsonObject(request)) throw invalid('it is not an object');
  const operation = Object.hasOwn(OPERATIONS, String(request.operation))
    ? OPERATIONS[String(request.operation)]
    : undefined;
  if (!operation) throw invalid(`this cloud does not serve the operation ${String(request.operation)}`);
  try {
    return await operation(call, table, request);
  } catch (error) {
    throw asResolverError(error);
  }
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GetItem: async (call, table, request) => {
    const answer = await send(call, 'GetItem', {
      TableName: table,
      Key: key(request),
      ConsistentRead: request.consistentRead === true,
      ...projectionOf(request.projection),
    });
    return itemOrNull(answer.Item);
  },

  PutItem: async (call, table, request) => {
    const item = { ...toWireMap(record(request.attributeValues ?? {})), ...key(request) };
    return guarded(call, table, request, fromWireMap(item), async () => {
      await send(call, 'PutItem', { TableName: table, Item: item, ...conditionOf(request.condition) });
      return fromWireMap(item);
    });
  },

  UpdateItem: async (call, table, request) => {
    const update = isJsonObject(request.update) && request.update.expression ? request.update : null;
    return guarded(call, table, request, undefined, async () => {
      const answer = await send(call, 'UpdateItem', {
        TableName: table,
        Key: key(request),
        ...mergeExpressions([
          ['UpdateExpression', update],
          ['ConditionExpression', request.condition],
        ]),
        ReturnValues: 'ALL_NEW',
      });
      return itemOrNull(answer.Attributes);
    });
  },

  DeleteItem: async (call, table, request) =>
    guarded(call, table, request, null, async () => {
      const answer = await send(call, 'DeleteItem', {
        TableName: table,
        Key: key(request),
        ...conditionOf(request.condition),
        ReturnValues: 'ALL_OLD',
      });
      return itemOrNull(answer.Attributes);
    }),

  Query: async (call, table, request) =>
    page(
      await send(call, 'Query', {
        ...pageRequest(table, request),
        ...mergeExpressions([
          ['KeyConditionExpression', request.query],
          ['FilterExpression', request.filter],
          ['ProjectionExpression', request.projection],
        ]),
        ScanIndexForward: request.scanIndexForward !== false,
      }),
    ),

  Scan: async (call, table, request) =>
    page(
      await send(call, 'Scan', {
        ...pageRequest(table, request),
        ...mergeExpressions([
          ['FilterExpression', request.filter],
          ['ProjectionExpression', request.projection],
        ]),
        ...(request.totalSegments == null
          ? {}
          : { TotalSegments: request.totalSegments, Segment: request.segment ?? 0 }),
      }),
    ),

  BatchGetItem: batchGet,
  BatchPutItem: batchPut,
  BatchDeleteItem: batchDelete,
  TransactGetItems: transactGet,
  TransactWriteItems: transactWrite,
};

async function send(call: DynamoDbCall, operation: string, body: JsonObject): Promise<Record<string, Json>> {
  return (await call(operation, body)) as Record<string, Json>;
}

/** Runs a conditional write and, when its condition failed, says what AppSync says. */
async function guarded(
  call: DynamoDbCall,
  table: string,
  request: JsonObject,
  wanted: Json | undefined,
  write: () => Promise<Json>,
): Promise<Json> {
  try {
    return await write();
  } catch (error) {
    if (errorCode(error) !== 'ConditionalCheckFailedException') throw error;
    return failedCondition(call, table, key(request), request.condition ?? null, wanted, error);
  }
}

function pageRequest(table: string, request: JsonObject): JsonObject {
  return {
    TableName: table,
    ...(typeof request.index === 'string' ? { IndexName: request.index } : {}),
    ...(request.limit == null ? {} : { Limit: request.limit }),
    ...(request.consistentRead == null ? {} : { ConsistentRead: request.consistentRead === true }),
    ...(request.nextToken == null ? {} : { ExclusiveStartKey: readToken(request.nextToken) }),
    ...selectOf(request),
  };
}

function selectOf(request: JsonObject): JsonObject {
  if (request.select == null || request.projection != null) return {};
  // AppSync's default asks for what an index projects; it may be said only of an index.
  if (request.select === 'ALL_PROJECTED_ATTRIBUTES' && request.index == null) return {};
  return { Select: request.select };
}

function page(answer: Record<string, Json>): JsonObject {
  const items = Array.isArray(answer.Items) ? answer.Items : [];
  const last = isJsonObject(answer.LastEvaluatedKey) ? answer.LastEvaluatedKey : null;
  return {
    items: items.map(fromWireMap),
    nextToken:
      last && Object.keys(last).length > 0 ? Buffer.from(JSON.stringify(last)).toString('base64url') : null,
    scannedCount: answer.ScannedCount ?? items.length,
  };
}

function readToken(token: Json): Json {
  try {
    const start = JSON.parse(Buffer.from(String(token), 'base64url').toString('utf8')) as Json;
    if (isJsonObject(start)) return start;
  } catch {
    // Said below.
  }
  throw new ResolverError('Invalid pagination token given.', 'BadRequest');
}

function key(request: JsonObject): JsonObject {
  return toWireMap(record(request.key ?? null));
}

function itemOrNull(item: Json | undefined): Json {
  return isJsonObject(item) && Object.keys(item).length > 0 ? fromWireMap(item) : null;
}

function record(value: Json): JsonObject {
  if (!isJsonObject(value)) throw invalid('a key or a map of attribute values is missing');
  return value;
}

function invalid(reason: string): ResolverError {
  return new ResolverError(`The request to DynamoDB is not valid: ${reason}`, 'MappingTemplate');
}
