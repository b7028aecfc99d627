import { fileKey } from '../../core/attachment.ts';
import type { OwnedStore } from '../../core/erasure.ts';
import { type OwnedModel, ownedPrefix, ownedRowsOf, type RowKey } from '../../core/owned.ts';

/** Rows and files of owners in memory, of every kind alike. `all` rows and `files` are open to tests. */
export function memoryOwned() {
  const rows: { model: OwnedModel; owner: string; key: RowKey }[] = [];
  const files = new Set<string>();
  const store: OwnedStore = {
    rows: async function* (owner, model) {
      const keys = rows.filter((row) => row.owner === owner && row.model === model).map(({ key }) => key);
      for (let at = 0; at < keys.length; at += 2) yield keys.slice(at, at + 2);
    },
    remove: async (model, keys) => {
      for (const key of keys) {
        const isIt = (row: (typeof rows)[number]) =>
          row.model === model && ownedRowsOf(model).key.every((name) => row.key[name] === key[name]);
        const at = rows.findIndex(isIt);
        if (at >= 0) rows.splice(at, 1);
      }
    },
    removeFiles: async (owner) => {
      const [first] = [...files].filter((key) => key.startsWith(ownedPrefix(owner)));
      return first !== undefined && files.delete(first);
    },
  };
  return {
    ...store,
    all: rows,
    files,
    putFile: (owner: string, id: string) => void files.add(fileKey(owner, id)),
  };
}
