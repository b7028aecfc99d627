import type { SnapshotFiles } from '../../core/ports.ts';

/** Keys of snapshots in memory; `keys` is open to tests. */
export function memorySnapshotFiles(): SnapshotFiles & { keys: Set<string> } {
  const keys = new Set<string>();
  return {
    keys,
    list: async (owner) => [...keys].filter((key) => key.startsWith(`owners/${owner}/snapshots/`)),
    remove: async (gone) => {
      for (const key of gone) keys.delete(key);
    },
  };
}
