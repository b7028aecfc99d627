import { equalJson, isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';
import { fromWireMap, toWireMap } from '../util-dynamodb.ts';
import type { DynamoDbCall } from './dynamodb.ts';
import { projectionOf } from './dynamodb-expressions.ts';

/** Items of several tables, in the order of their keys, with null for each that is not there. */
export async function batchGet(call: DynamoDbCall, _table: string, request: JsonObject): Promise<Json> {
  const wanted = new Map<string, { keys: JsonObject[]; rest: JsonObject }>();
  for (const [name, table] of tables(request)) {
    if (!isJsonObject(table)) throw invalid('a table has no keys');
    const rest = { ConsistentRead: table.consistentRead === true, ...projectionOf(table.projection) };
    wanted.set(name, { keys: records(table.keys), rest });
  }
  const answer = (await call('BatchGetItem', {
    RequestItems: Object.fromEntries(
      [...wanted].map(([name, { keys, rest }]) => [name, { Keys: keys, ...rest }]),
    ),
  })) as { Responses?: Record<string, Json[]>; UnprocessedKeys?: Record<string, { Keys: Json[] }> };
  const data: JsonObject = {};
  const unprocessedKeys: JsonObject = {};
  for (const [name, { keys }] of wanted) {
    const items = (answer.Responses?.[name] ?? []).filter(isJsonObject);
    data[name] = keys.map((key) => {
      const item = items.find((candidate) =>
        Object.entries(key).every(([part, value]) => equalJson(candidate[part], value)),
      );
      return item === undefined ? null : fromWireMap(item);
    });
    unprocessedKeys[name] = (answer.UnprocessedKeys?.[name]?.Keys ?? []).map(fromWireMap);
  }
  return { data, unprocessedKeys };
}

export async function batchPut(call: DynamoDbCall, _table: string, request: JsonObject): Promise<Json> {
  return batchWrite(call, request, 'unprocessedItems', (item) => ({ PutRequest: { Item: item } }));
}

export async function batchDelete(call: DynamoDbCall, _table: string, request: JsonObject): Promise<Json> {
  return batchWrite(call, request, 'unprocessedKeys', (key) => ({ DeleteRequest: { Key: key } }));
}

async function batchWrite(
  call: DynamoDbCall,
  request: JsonObject,
  unprocessedName: string,
  toRequest: (entry: JsonObject) => JsonObject,
): Promise<Json> {
  const entries = tables(request).map(([name, list]) => [name, records(list)] as const);
  const answer = (await call('BatchWriteItem', {
    RequestItems: Object.fromEntries(entries.map(([name, list]) => [name, list.map(toRequest)])),
  })) as {
    UnprocessedItems?: Record<string, { PutRequest?: { Item: Json }; DeleteRequest?: { Key: Json } }[]>;
  };
  const data: JsonObject = {};
  const unprocessed: JsonObject = {};
  for (const [name, list] of entries) {
    data[name] = list.map(fromWireMap);
    unprocessed[name] = (answer.UnprocessedItems?.[name] ?? []).map((item) =>
      fromWireMap(item.PutRequest?.Item ?? item.DeleteRequest?.Key ?? null),
    );
  }
  return { data, [unprocessedName]: unprocessed };
}

function tables(request: JsonObject): [string, Json][] {
  if (!isJsonObject(request.tables)) throw invalid('it has no tables');
  return Object.entries(request.tables);
}

function records(list: Json | undefined): JsonObject[] {
  if (!Array.isArray(list)) throw invalid('a table has no list');
  return list.map((entry) => toWireMap(isJsonObject(entry) ? entry : {}));
}

function invalid(reason: string): ResolverError {
  return new ResolverError(`The request to DynamoDB is not valid: ${reason}`, 'MappingTemplate');
}
