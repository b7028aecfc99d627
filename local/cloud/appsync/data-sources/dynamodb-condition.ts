import { equalJson, isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';
import { fromWireMap } from '../util-dynamodb.ts';
import type { DynamoDbCall } from './dynamodb.ts';
import { asResolverError, errorCode } from './dynamodb-error.ts';

/**
 * What AppSync does when a write's condition failed: it reads the item (consistently unless the condition says
 * otherwise) and, if the item already is what a put or delete wanted, save the attributes of `equalsIgnore`, calls
 * it a success. Otherwise it rejects with the item as the error's data. `wanted` is undefined for an update.
 * (https://docs.aws.amazon.com/appsync/latest/devguide/js-aws-appsync-resolver-reference-dynamodb-condition-expressions.html)
 */
export async function failedCondition(
  call: DynamoDbCall,
  table: string,
  key: JsonObject,
  condition: Json,
  wanted: Json | undefined,
  cause: unknown,
): Promise<Json> {
  const options = isJsonObject(condition) ? condition : {};
  const handler = options.conditionalCheckFailedHandler;
  if (isJsonObject(handler) && handler.strategy === 'Custom') {
    throw new ResolverError('This cloud does not serve the strategy Custom of a condition', 'NotImplemented');
  }
  const current = await read(call, table, key, options.consistentRead !== false);
  const ignored = Array.isArray(options.equalsIgnore) ? options.equalsIgnore.map(String) : [];
  if (
    wanted !== undefined &&
    current !== undefined &&
    equalJson(without(current, ignored), without(wanted, ignored))
  )
    return current;
  const { message, errorType } = asResolverError(cause);
  throw new ResolverError(message, errorType, current ?? null);
}

/** The item, null when there is none, undefined when the role may not read it. */
async function read(
  call: DynamoDbCall,
  table: string,
  key: JsonObject,
  consistent: boolean,
): Promise<Json | undefined> {
  try {
    const answer = await call('GetItem', { TableName: table, Key: key, ConsistentRead: consistent });
    const { Item } = answer as JsonObject;
    return isJsonObject(Item) ? fromWireMap(Item) : null;
  } catch (error) {
    if (errorCode(error).startsWith('AccessDenied')) return undefined;
    throw error;
  }
}

function without(item: Json, ignored: readonly string[]): Json {
  if (!isJsonObject(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !ignored.includes(name)));
}
