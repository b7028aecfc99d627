import type { Resource } from '../service.ts';
import { database, parse, run } from './dynalite.ts';
import type { Attributes, IndexRecord, Operation, Store, TableRecord } from './model.ts';
import { prefixOf } from './unit-of-work.ts';

/** A table as the template describes it, in the words of CreateTable. */
export interface TableDefinition {
  readonly name: string;
  /** Attribute with the time to live, if there is one. */
  readonly timeToLive: string | undefined;
  readonly shape: Shape;
}

type Shape = Pick<
  TableRecord,
  'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'
>;

/** Amplify's custom resource writes its properties in camel case: `keySchema` becomes `KeySchema`, all the way down. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), pascal(inner)]),
  );
}

/** Reads `AWS::DynamoDB::Table` and `Custom::AmplifyDynamoDBTable`. */
export function tableDefinition(resource: Resource): TableDefinition {
  const properties = pascal(resource.properties) as Shape & {
    TimeToLiveSpecification?: { AttributeName?: string; Enabled?: unknown };
  };
  const indexes = (list: readonly IndexRecord[] = []) =>
    list.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  const ttl = properties.TimeToLiveSpecification;
  return {
    name: resource.physicalId,
    timeToLive: ttl?.AttributeName && String(ttl.Enabled) === 'true' ? ttl.AttributeName : undefined,
    shape: {
      KeySchema: properties.KeySchema,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexes: indexes(properties.GlobalSecondaryIndexes),
      LocalSecondaryIndexes: indexes(properties.LocalSecondaryIndexes),
    },
  };
}

/**
 * Makes a table, or brings an existing one to the template's indexes (they are filled from its items).
 * Throws when the keys themselves differ, as the items could not be found by other keys.
 */
export async function ensureTable(definition: TableDefinition, store: Store): Promise<void> {
  const existing = await recordOf(definition.name, store);
  if (existing !== undefined) checkKeys(existing, definition);
  const wanted = await describe(definition, store, existing);
  const operations: Operation[] = existing === undefined ? [] : await reindex(existing, wanted, store);
  operations.push({ type: 'put', key: `table~${definition.name}`, value: wanted });
  await store.db.batch(operations);
}

function recordOf(name: string, store: Store): Promise<TableRecord | undefined> {
  return new Promise((resolve, reject) => {
    store.tableDb.get(name, (error, record) => (error ? reject(error) : resolve(record)));
  });
}

function checkKeys(existing: TableRecord, { name, shape }: TableDefinition): void {
  const keysOf = (table: Shape) =>
    table.KeySchema.map(({ AttributeName }) => {
      const type = table.AttributeDefinitions.find(
        (each) => each.AttributeName === AttributeName,
      )?.AttributeType;
      return `${AttributeName} (${type})`;
    }).join(', ');
  const [before, after] = [keysOf(existing), keysOf(shape)];
  if (before === after) return;
  throw new Error(
    `The table ${name} is kept on disk with the keys ${before}, but the template now says ${after}. ` +
      'DynamoDB would replace the table and lose its items: start with an empty data folder.',
  );
}

/** The record that dynalite would make: its own CreateTable writes it, into a store that keeps nothing. */
async function describe(
  { name, shape }: TableDefinition,
  store: Store,
  existing: TableRecord | undefined,
): Promise<TableRecord> {
  let record: TableRecord | undefined;
  const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [], ...rest } = shape;
  const body = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    ...rest,
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
  };
  const request = parse('CreateTable', body, store);
  await run('CreateTable', request, {
    ...store,
    tableDb: {
      ...store.tableDb,
      get: (_key, done) => done(null),
      put: (_key, value, done) => {
        record = value;
        done(null);
      },
      lock: (_key, work) => work((done) => done),
    },
  });
  if (record === undefined) throw new Error(`The table ${name} could not be described`);
  const active = (index: IndexRecord) => ({ ...index, IndexStatus: 'ACTIVE' });
  const kept = existing as { TableId?: string; CreationDateTime?: number } | undefined;
  return {
    ...record,
    ...(kept ? { TableId: kept.TableId, CreationDateTime: kept.CreationDateTime } : {}),
    TableStatus: 'ACTIVE',
    ...(record.GlobalSecondaryIndexes
      ? { GlobalSecondaryIndexes: record.GlobalSecondaryIndexes.map(active) }
      : {}),
  };
}

/** What it takes to bring the entries of every index that changed in line with the items. */
async function reindex(before: TableRecord, after: TableRecord, store: Store): Promise<Operation[]> {
  const operations: Operation[] = [];
  for (const kind of ['Local', 'Global'] as const) {
    const [old, now] = [before[`${kind}SecondaryIndexes`] ?? [], after[`${kind}SecondaryIndexes`] ?? []];
    const same = (a: IndexRecord) => now.some((b) => shapeOf(a, before) === shapeOf(b, after));
    const changed = now.filter(
      (index) => !old.some((each) => shapeOf(each, before) === shapeOf(index, after)),
    );
    for (const { IndexName } of old.filter((index) => !same(index))) {
      const prefix = prefixOf.index(kind, before.TableName, IndexName);
      for await (const key of store.db.keys({ gte: prefix, lt: `${prefix}\xff` }))
        operations.push({ type: 'del', key });
    }
    if (changed.length === 0) continue;
    for await (const item of store.getItemDb(after.TableName).createValueStream({})) {
      const fitting = changed.filter((index) => fits(item, index, after));
      for (const put of database.getIndexActions(fitting, null, item, after).puts) {
        operations.push({
          type: 'put',
          key: prefixOf.index(kind, after.TableName, put.index) + put.key,
          value: put.item,
        });
      }
    }
  }
  return operations;
}

function shapeOf(index: IndexRecord, table: TableRecord): string {
  const types = index.KeySchema.map(({ AttributeName }) => typeOf(AttributeName, table));
  return JSON.stringify([index.IndexName, index.KeySchema, types, index.Projection]);
}

/** An item whose attribute has another type than the index's key is left out of it, as on AWS. */
function fits(item: Attributes, index: IndexRecord, table: TableRecord): boolean {
  return index.KeySchema.every(
    ({ AttributeName }) => item[AttributeName]?.[typeOf(AttributeName, table) ?? ''] !== undefined,
  );
}

function typeOf(attribute: string, table: TableRecord): string | undefined {
  return table.AttributeDefinitions.find((each) => each.AttributeName === attribute)?.AttributeType;
}
