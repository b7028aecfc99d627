import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { ResolverError } from './resolver-error.ts';

/**
 * `util.dynamodb`: JSON values as DynamoDB attribute values, in the form that AppSync's own utilities give
 * (numbers stay numbers, null is `{NULL: null}`); the data source writes them in DynamoDB's wire form.
 */
export function toDynamoDb(value: Json | undefined): JsonObject {
  if (value === null || value === undefined) return { NULL: null };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toDynamoDb) };
  return { M: toMapValues(value) };
}

/** Each value of a map as an attribute value. Null for what is not a map, as in AppSync. */
export function toMapValues(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toDynamoDb(item)]));
}

/** The typed conversions, by the name that `util.dynamodb` gives them. Null for null. */
export const TYPED: Readonly<Record<string, (value: Json) => Json>> = {
  toDynamoDB: toDynamoDb,
  toString: (value: Json) => orNull(value, () => ({ S: String(value) })),
  toStringSet: (value) => orNull(value, () => ({ SS: list(value).map(String) })),
  toNumber: (value) => orNull(value, () => ({ N: Number(value) })),
  toNumberSet: (value) => orNull(value, () => ({ NS: list(value).map(Number) })),
  toBinary: (value) => orNull(value, () => ({ B: String(value) })),
  toBinarySet: (value) => orNull(value, () => ({ BS: list(value).map(String) })),
  toBoolean: (value) => orNull(value, () => ({ BOOL: value === true || value === 'true' })),
  toNull: () => ({ NULL: null }),
  toList: (value) => orNull(value, () => ({ L: list(value).map(toDynamoDb) })),
  toMap: (value) => (isJsonObject(value) ? { M: toMapValues(value) } : null),
  toMapValues: (value) => (isJsonObject(value) ? toMapValues(value) : null),
};

/** A link to an S3 object as AppSync keeps it in a string attribute. */
export function toS3Object(key: string, bucket: string, region: string, version?: string): JsonObject {
  return {
    S: JSON.stringify({ s3: { key, bucket, region, ...(version === undefined ? {} : { version }) } }),
  };
}

export function fromS3ObjectJson(text: string): Json {
  const parsed = JSON.parse(text) as Json;
  return isJsonObject(parsed) ? (parsed.s3 ?? null) : null;
}

/** An attribute value of a resolver in DynamoDB's wire form. Throws for what is none. */
export function toWire(value: Json | undefined): JsonObject {
  const [entry, ...others] = isJsonObject(value) ? Object.entries(value) : [];
  if (!entry || others.length > 0) throw invalid(value);
  const [type, content] = entry;
  switch (type) {
    case 'S':
    case 'B':
      if (typeof content !== 'string') throw invalid(value);
      return { [type]: content };
    case 'N':
      if (typeof content !== 'string' && typeof content !== 'number') throw invalid(value);
      return { N: String(content) };
    case 'BOOL':
      return { BOOL: content === true || content === 'true' };
    case 'NULL':
      return { NULL: true };
    case 'SS':
    case 'NS':
    case 'BS':
      return { [type]: list(content).map(String) };
    case 'L':
      return { L: list(content).map(toWire) };
    case 'M':
      if (!isJsonObject(content)) throw invalid(value);
      return { M: toWireMap(content) };
    default:
      throw invalid(value);
  }
}

export function toWireMap(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, toWire(item)]));
}

/** An attribute value as a resolver sees it: numbers as numbers, sets as lists. */
export function fromWire(value: Json): Json {
  const [entry] = isJsonObject(value) ? Object.entries(value) : [];
  if (!entry) return null;
  const [type, content] = entry;
  if (type === 'NULL') return null;
  if (type === 'N') return Number(content);
  if (type === 'NS') return list(content).map(Number);
  if (type === 'L') return list(content).map(fromWire);
  if (type === 'M') return fromWireMap(content);
  return content;
}

export function fromWireMap(map: Json): JsonObject {
  if (!isJsonObject(map)) return {};
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, fromWire(item)]));
}

function orNull(value: Json, convert: () => JsonObject): Json {
  return value === null || value === undefined ? null : convert();
}

function list(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw invalid(value);
  return value;
}

function invalid(value: Json | undefined): ResolverError {
  return new ResolverError(
    `Unable to convert set of attribute values: ${JSON.stringify(value ?? null).slice(0, 120)} is not an attribute value`,
    'MappingTemplate',
  );
}
