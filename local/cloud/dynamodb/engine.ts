import { join } from 'node:path';
import { database, parse, reads, run, writes } from './dynalite.ts';
import { withItem } from './items.ts';
import type { Body, Store } from './model.ts';
import { type Tokens, transactGet, transactWrite } from './transaction.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

/** The database of one account and region. */
export interface Engine {
  readonly store: Store;
  /** Carries out an operation. Rejects with a Failure, which is the error answer. */
  call(operation: string, body: Body): Promise<Body>;
  close(): Promise<void>;
}

const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  names.some((each) => each === name);

/**
 * Opens the database in a folder (LevelDB: what was answered survives a kill of this process).
 * Throws when another process has the folder open.
 */
export async function openEngine(
  directory: string,
  account: { readonly region: string; readonly accountId: string },
  now: () => Date,
): Promise<Engine> {
  const store = database.create({ path: join(directory, 'level'), createTableMs: 0 });
  try {
    await store.db.open();
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    if (cause?.code === 'LEVEL_LOCKED') throw new Error(`Another local cloud is using ${directory}`);
    throw error;
  }
  store.tableDb.awsAccountId = account.accountId;
  store.tableDb.awsRegion = account.region;

  let last: Promise<unknown> = Promise.resolve();
  /** One write at a time, so that conditions are checked against what is there when the write happens. */
  function exclusively<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    const result = last.then(async () => {
      const unit = unitOfWork(store);
      const answer = await work(unit);
      await unit.commit();
      return answer;
    });
    last = result.catch(() => {});
    return result;
  }

  const tokens: Tokens = new Map();
  return {
    store,
    async call(operation, body) {
      if (operation === 'TransactGetItems') return exclusively((unit) => transactGet(body, unit.store));
      if (operation === 'TransactWriteItems') {
        return exclusively((unit) => transactWrite(body, unit.store, { tokens, now }));
      }
      if (isOneOf(reads, operation)) return run(operation, parse(operation, body, store), store);
      if (!isOneOf(writes, operation)) throw new Error(`DynamoDB's ${operation} is not served`);
      const request = parse(operation, body, store);
      return exclusively((unit) =>
        run(operation, request, unit.store).catch(async (error: unknown) => {
          throw await withItem(error, body.ReturnValuesOnConditionCheckFailure, request, store);
        }),
      );
    },
    async close() {
      await last;
      await store.db.close();
    },
  };
}
