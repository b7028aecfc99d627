import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';
import { fromWireMap, toWireMap } from '../util-dynamodb.ts';
import type { DynamoDbCall } from './dynamodb.ts';
import { asResolverError, errorCode } from './dynamodb-error.ts';
import { conditionOf, mergeExpressions, projectionOf } from './dynamodb-expressions.ts';

/** Reads items of one or more tables at once: `{items}`, null for each that is not there. */
export async function transactGet(call: DynamoDbCall, _table: string, request: JsonObject): Promise<Json> {
  const TransactItems = items(request).map((item) => ({
    Get: { TableName: item.table ?? null, Key: wire(item.key), ...projectionOf(item.projection) },
  }));
  const answer = (await call('TransactGetItems', { TransactItems })) as { Responses?: { Item?: Json }[] };
  const found = (answer.Responses ?? []).map(({ Item }) => (isJsonObject(Item) ? fromWireMap(Item) : null));
  return { items: found, cancellationReasons: null };
}

/** Writes items all or none: `{keys}`. A cancelled one rejects with `{keys: null, cancellationReasons}` as its data. */
export async function transactWrite(call: DynamoDbCall, _table: string, request: JsonObject): Promise<Json> {
  const wanted = items(request);
  try {
    await call('TransactWriteItems', { TransactItems: wanted.map(writeItem) });
  } catch (error) {
    if (errorCode(error) !== 'TransactionCanceledException') throw error;
    const { message, errorType } = asResolverError(error);
    throw new ResolverError(message, errorType, { keys: null, cancellationReasons: reasons(error) });
  }
  return { keys: wanted.map((item) => fromWireMap(wire(item.key))), cancellationReasons: null };
}

function writeItem(item: JsonObject): JsonObject {
  const base = { TableName: item.table ?? null };
  const condition = isJsonObject(item.condition) ? item.condition : {};
  const returning = condition.returnValuesOnConditionCheckFailure === false ? 'NONE' : 'ALL_OLD';
  const guard = { ...conditionOf(item.condition), ReturnValuesOnConditionCheckFailure: returning };
  switch (item.operation) {
    case 'PutItem':
      return { Put: { ...base, Item: { ...wire(item.attributeValues ?? {}), ...wire(item.key) }, ...guard } };
    case 'DeleteItem':
      return { Delete: { ...base, Key: wire(item.key), ...guard } };
    case 'ConditionCheck':
      return { ConditionCheck: { ...base, Key: wire(item.key), ...guard } };
    case 'UpdateItem':
      return {
        Update: {
          ...base,
          Key: wire(item.key),
          ...mergeExpressions([
            ['UpdateExpression', item.update],
            ['ConditionExpression', item.condition],
          ]),
          ReturnValuesOnConditionCheckFailure: returning,
        },
      };
    default:
      throw invalid(`the operation ${String(item.operation)} of a transaction is not known`);
  }
}

/** DynamoDB's reasons, one for each item, where the error carries them. */
function reasons(error: unknown): Json {
  const given = (error as { cancellationReasons?: unknown; CancellationReasons?: unknown }) ?? {};
  const list = given.cancellationReasons ?? given.CancellationReasons;
  if (!Array.isArray(list)) return reasonsInMessage((error as Error).message ?? '');
  return (list as JsonObject[]).map((reason) => ({
    item: isJsonObject(reason.Item) ? fromWireMap(reason.Item) : null,
    type: reason.Code ?? 'None',
    message: reason.Message ?? null,
  }));
}

/** `… specific reasons [ConditionalCheckFailed, None]` */
function reasonsInMessage(message: string): Json {
  const codes = /\[([\w, ]+)\]/.exec(message)?.[1]?.split(', ') ?? [];
  return codes.map((code) => ({ item: null, type: code, message: null }));
}

function items(request: JsonObject): JsonObject[] {
  if (!Array.isArray(request.transactItems)) throw invalid('it has no transactItems');
  return request.transactItems.map((item) => {
    if (!isJsonObject(item)) throw invalid('an item is not an object');
    return item;
  });
}

function wire(value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) throw invalid('an item has no key');
  return toWireMap(value);
}

function invalid(reason: string): ResolverError {
  return new ResolverError(`The request to DynamoDB is not valid: ${reason}`, 'MappingTemplate');
}
