import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';
import { TYPED, toMapValues } from '../util-dynamodb.ts';
import { toDynamoDbExpression } from '../util-transform.ts';
import { toUpdateExpression } from './update-expression.ts';
import type { HostFunction, HostModule } from './util.ts';

/** `@aws-appsync/utils/dynamodb`: builders of requests to the DynamoDB data source. */
export const dynamodbModule: HostModule = {
  get: (input) => {
    const { key, consistentRead, projection } = record(input);
    return request('GetItem', { key: values(key), consistentRead, projection: project(projection) });
  },
  put: (input) => {
    const { key, item, condition, ...rest } = record(input);
    return request('PutItem', {
      key: values(key),
      attributeValues: values(item),
      condition: express(condition),
      ...rest,
    });
  },
  remove: (input) => {
    const { key, condition, ...rest } = record(input);
    return request('DeleteItem', { key: values(key), condition: express(condition), ...rest });
  },
  update: (input) => {
    const { key, update, condition, ...rest } = record(input);
    return request('UpdateItem', {
      key: values(key),
      update: toUpdateExpression(record(update)),
      condition: express(condition),
      ...rest,
    });
  },
  query: (input) => {
    const { query, filter, projection, ...rest } = record(input);
    return request('Query', {
      query: express(query),
      filter: express(filter),
      projection: project(projection),
      ...rest,
    });
  },
  scan: (input) => {
    const { filter, projection, ...rest } = record(input);
    return request('Scan', { filter: express(filter), projection: project(projection), ...rest });
  },
  sync: (input) => request('Sync', record(input)),
  batchGet: (input) =>
    request('BatchGetItem', {
      tables: mapTables(input, (table) => {
        const { keys, consistentRead, projection } = record(table);
        return defined({ keys: list(keys).map(values), consistentRead, projection: project(projection) });
      }),
    }),
  batchPut: (input) =>
    request('BatchPutItem', { tables: mapTables(input, (items) => list(items).map(values)) }),
  batchDelete: (input) =>
    request('BatchDeleteItem', { tables: mapTables(input, (keys) => list(keys).map(values)) }),
  transactGet: (input) =>
    request('TransactGetItems', {
      transactItems: list(record(input).items).map((item) => {
        const { table, key, projection } = record(item);
        return defined({ table, key: values(key), projection: project(projection) });
      }),
    }),
  transactWrite: (input) =>
    request('TransactWriteItems', { transactItems: list(record(input).items).map(transactWriteItem) }),
  toStringSet: TYPED.toStringSet as HostFunction,
  toNumberSet: TYPED.toNumberSet as HostFunction,
  toBinarySet: TYPED.toBinarySet as HostFunction,
  operations: {
    add: (payload) => ({ _type: 'add', payload: payload ?? null }),
    remove: () => ({ _type: 'remove' }),
    replace: (payload) => ({ _type: 'replace', payload: payload ?? null }),
    increment: (by) => ({ _type: 'increment', by: by ?? 1 }),
    decrement: (by) => ({ _type: 'decrement', by: by ?? 1 }),
    append: (payload) => ({ _type: 'append', payload: list(payload) }),
    prepend: (payload) => ({ _type: 'prepend', payload: list(payload) }),
    updateListItem: (payload, index) => ({
      _type: 'updateListItem',
      payload: payload ?? null,
      index: index ?? 0,
    }),
  },
};

function transactWriteItem(item: Json): JsonObject {
  const { putItem, updateItem, deleteItem, conditionCheck } = record(item);
  if (putItem !== undefined) {
    const { table, key, item: attributes, condition } = record(putItem);
    return write('PutItem', {
      table,
      key: values(key),
      attributeValues: values(attributes),
      condition: express(condition),
    });
  }
  if (updateItem !== undefined) {
    const { table, key, update, condition } = record(updateItem);
    const expression = toUpdateExpression(record(update));
    return write('UpdateItem', {
      table,
      key: values(key),
      update: expression,
      condition: express(condition),
    });
  }
  const [operation, content] =
    deleteItem === undefined ? ['ConditionCheck', conditionCheck] : ['DeleteItem', deleteItem];
  const { table, key, condition } = record(content);
  return write(String(operation), { table, key: values(key), condition: express(condition) });
}

function write(operation: string, content: Record<string, Json | undefined>): JsonObject {
  return defined({ operation, ...content });
}

function request(operation: string, content: Record<string, Json | undefined>): JsonObject {
  return defined({ operation, ...content });
}

/** Leaves out what was not given: AppSync treats null there as absent. */
function defined(content: Record<string, Json | undefined>): JsonObject {
  const given = Object.entries(content).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as JsonObject;
}

function mapTables(input: Json | undefined, convert: (table: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(record(record(input).tables)).map(([name, table]) => [name, convert(table)]),
  );
}

function values(value: Json | undefined): JsonObject {
  return toMapValues(record(value));
}

function express(filter: Json | undefined): Json | undefined {
  if (filter === undefined || filter === null) return undefined;
  const { expression, expressionNames, expressionValues } = toDynamoDbExpression(filter);
  return { expression, expressionNames, expressionValues };
}

/** `['id', 'nested.list[0]']` as a projection expression. */
function project(fields: Json | undefined): Json | undefined {
  if (fields === undefined || fields === null) return undefined;
  const expressionNames: JsonObject = {};
  const paths = list(fields).map((field) =>
    String(field)
      .split('.')
      .map((part) => {
        const [name = '', ...indexes] = part.split(/(?=\[)/);
        const placeholder = `#${name.replaceAll(/\W/g, '_')}`;
        expressionNames[placeholder] = name;
        return placeholder + indexes.join('');
      })
      .join('.'),
  );
  return { expression: paths.join(', '), expressionNames };
}

function record(value: Json | undefined): JsonObject {
  if (!isJsonObject(value))
    throw new ResolverError('A DynamoDB request needs an object here', 'MappingTemplate');
  return value;
}

function list(value: Json | undefined): Json[] {
  if (!Array.isArray(value))
    throw new ResolverError('A DynamoDB request needs a list here', 'MappingTemplate');
  return value;
}
