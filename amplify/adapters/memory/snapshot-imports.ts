import type { SnapshotImports, StoredImport } from '../../core/ports.ts';
import { importKey } from '../../core/snapshot.ts';

type Imported = Omit<StoredImport, 'key'> & { unsent: boolean };

/** Files that are to become saved states, in memory. `rows` is open to tests, by key: they play the page that puts one there. */
export function memorySnapshotImports(): SnapshotImports & { rows: Map<string, Imported> } {
  const rows = new Map<string, Imported>();
  return {
    rows,
    upload: async (owner, { id, size, sha256 }) => ({
      url: `https://bucket.test/${importKey(owner, id)}?put`,
      headers: {
        'content-length': String(size),
        'x-amz-checksum-sha256': sha256,
        'x-amz-tagging': 'state=unsent',
      },
    }),
    find: async (owner, id) => {
      const key = importKey(owner, id);
      const row = rows.get(key);
      if (!row) return null;
      const { unsent: _, ...stored } = row;
      return { key, ...stored };
    },
    keep: async (owner, id) => {
      const row = rows.get(importKey(owner, id));
      if (row) row.unsent = false;
    },
  };
}
