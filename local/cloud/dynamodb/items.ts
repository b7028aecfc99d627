import { database } from './dynalite.ts';
import {
  type Attributes,
  type Body,
  isFailure,
  type Keyspace,
  type Parsed,
  type Store,
  type TableRecord,
} from './model.ts';

/** A failed condition tells the item that it met, when it was asked to. */
export async function withItem(
  error: unknown,
  wanted: unknown,
  request: Parsed,
  store: Store,
): Promise<unknown> {
  if (wanted !== 'ALL_OLD' || !isFailure(error)) return error;
  if (!String(error.body.__type).endsWith('ConditionalCheckFailedException')) return error;
  const item = await itemOf(request, store);
  const body: Body = item === undefined ? error.body : { ...error.body, Item: item };
  return Object.assign(error, { body });
}

/** The item that a request is about, as it stands. */
export async function itemOf(request: Parsed, store: Store): Promise<Attributes | undefined> {
  const table = await tableOf(request.TableName, store);
  return get(
    store.getItemDb(request.TableName),
    database.createKey(request.Key ?? request.Item ?? {}, table),
  );
}

/** Rejects with a Failure when there is no such table. */
export function tableOf(name: string, store: Store): Promise<TableRecord> {
  return new Promise((resolve, reject) => {
    store.getTable(name, (error, table) => (error || !table ? reject(error) : resolve(table)));
  });
}

function get(keyspace: Keyspace, key: string): Promise<Attributes | undefined> {
  return new Promise((resolve, reject) => {
    keyspace.get(key, (error, value) => (error ? reject(error) : resolve(value)));
  });
}
