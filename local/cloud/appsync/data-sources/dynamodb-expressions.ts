import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { toWireMap } from '../util-dynamodb.ts';

type Part = readonly [name: string, expression: Json | undefined];

/**
 * A resolver's expressions (`{expression, expressionNames, expressionValues}`) as parameters of one DynamoDB call,
 * their names and values merged. Absent, null and empty expressions are left out.
 */
export function mergeExpressions(parts: readonly Part[]): JsonObject {
  const merged: JsonObject = {};
  const names: JsonObject = {};
  const values: JsonObject = {};
  for (const [name, part] of parts) {
    if (!isJsonObject(part) || typeof part.expression !== 'string' || part.expression.trim() === '') continue;
    merged[name] = part.expression;
    Object.assign(names, part.expressionNames);
    if (isJsonObject(part.expressionValues)) Object.assign(values, toWireMap(part.expressionValues));
  }
  if (Object.keys(names).length > 0) merged.ExpressionAttributeNames = names;
  if (Object.keys(values).length > 0) merged.ExpressionAttributeValues = values;
  return merged;
}

export function conditionOf(condition: Json | undefined): JsonObject {
  return mergeExpressions([['ConditionExpression', condition]]);
}

export function projectionOf(projection: Json | undefined): JsonObject {
  return mergeExpressions([['ProjectionExpression', projection]]);
}
