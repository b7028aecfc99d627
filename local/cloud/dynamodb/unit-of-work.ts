import type { Attributes, Keyspace, Operation, Store } from './model.ts';

/** Where dynalite keeps the items of a table, and the entries of an index, inside LevelDB. */
export const prefixOf = {
  items: (table: string) => `item-${table}~`,
  index: (kind: string, table: string, index: string) => `index-${kind.toLowerCase()}~${table}~${index}~`,
};

export interface UnitOfWork {
  /** Reads see what was written here; nothing reaches the database yet. */
  readonly store: Store;
  /** Writes everything at once: an item with its index entries, or a whole transaction. */
  commit(): Promise<void>;
}

/**
 * A store whose writes are held back. Dynalite by itself writes an item and its index entries one after the other,
 * so a kill in between would leave an index that disagrees with its table.
 * Units must not overlap: whoever opens one holds the write lock.
 */
export function unitOfWork(base: Store): UnitOfWork {
  const written = new Map<string, Attributes | undefined>();

  function keyspace(prefix: string, below: Keyspace): Keyspace {
    return {
      get(key, done) {
        if (!written.has(prefix + key)) return below.get(key, done);
        queueMicrotask(() => done(null, written.get(prefix + key)));
      },
      put(key, value, done) {
        written.set(prefix + key, value);
        queueMicrotask(() => done(null));
      },
      del(key, done) {
        written.set(prefix + key, undefined);
        queueMicrotask(() => done(null));
      },
      lock: (_key, work) => work((done) => done),
      createValueStream: (options) => below.createValueStream(options),
    };
  }

  return {
    store: {
      ...base,
      getItemDb: (table) => keyspace(prefixOf.items(table), base.getItemDb(table)),
      getIndexDb: (kind, table, index) =>
        keyspace(prefixOf.index(kind, table, index), base.getIndexDb(kind, table, index)),
    },
    async commit() {
      const operations = [...written].map(
        ([key, value]): Operation =>
          value === undefined ? { type: 'del', key } : { type: 'put', key, value },
      );
      if (operations.length > 0) await base.db.batch(operations);
    },
  };
}
