/**
 * Dynalite's own parts, used without its web server: request validation, expressions and operations work on a
 * store that is passed in. Dynalite is pinned; `store.test.ts` notices if these parts move.
 */
import { createRequire } from 'node:module';
import type { Attributes, Body, Failure, Parsed, Store, TableRecord } from './model.ts';

type Action = (store: Store, request: Parsed, done: (error: Error | null, result: Body) => void) => void;
interface Validation {
  readonly types: object;
  readonly custom?: (request: Parsed, store: Store) => string | undefined;
}
interface Validations {
  checkTypes(body: Body, types: object): Parsed;
  checkValidations(request: Parsed, types: object, custom: Validation['custom'], store: Store): void;
}
interface IndexActions {
  readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Attributes }[];
}
interface Database {
  create(options: { path: string; createTableMs: number }): Store;
  createKey(item: Attributes, table: TableRecord): string;
  validateKey(key: Attributes, table: TableRecord): Failure | undefined;
  checkConditional(request: Parsed, item: Attributes | undefined): Failure | null | undefined;
  getIndexActions(
    indexes: TableRecord['GlobalSecondaryIndexes'],
    before: null,
    after: Attributes,
    table: TableRecord,
  ): IndexActions;
}

const require = createRequire(import.meta.url);
const validations: Validations = require('dynalite/validations');

/** Dynalite's helpers for keys, conditions and indexes. */
export const database: Database = require('dynalite/db');

export const reads = ['BatchGetItem', 'DescribeTable', 'GetItem', 'ListTables', 'Query', 'Scan'] as const;
export const writes = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'] as const;
type Operation = (typeof reads)[number] | (typeof writes)[number] | 'CreateTable';

const fileOf = (operation: Operation) => operation.charAt(0).toLowerCase() + operation.slice(1);
const validationOf = (operation: Operation): Validation =>
  require(`dynalite/validations/${fileOf(operation)}`);
const actionOf = (operation: Operation): Action => require(`dynalite/actions/${fileOf(operation)}`);

/** Checks a request as DynamoDB would and parses its expressions. Throws a Failure. The body stays as it is. */
export function parse(operation: Operation, body: Body, store: Store): Parsed {
  const { types, custom } = validationOf(operation);
  const request = validations.checkTypes(structuredClone(body) as Body, types);
  validations.checkValidations(request, types, custom, store);
  return request;
}

/** Carries out a parsed request. Rejects with a Failure, or with what went wrong inside. */
export function run(operation: Operation, request: Parsed, store: Store): Promise<Body> {
  return new Promise((resolve, reject) => {
    actionOf(operation)(store, request, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
