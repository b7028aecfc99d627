import type { OwnerErasureStore, OwnerMark } from '../../core/erasure.ts';
import type { StoredSettings } from '../../core/settings.ts';

/** Marks of owners in memory, beside their settings. */
export function memoryOwnerErasures(
  settings = new Map<string, StoredSettings>(),
): OwnerErasureStore & { rows: Map<string, OwnerMark & { eraseAt: number }> } {
  const rows = new Map<string, OwnerMark & { eraseAt: number }>();
  const view = ({ since, takesAccount }: OwnerMark): OwnerMark => ({ since, takesAccount });
  return {
    rows,
    due: async (now, limit) =>
      [...rows]
        .filter(([, { eraseAt }]) => eraseAt <= now)
        .sort(([, a], [, b]) => a.eraseAt - b.eraseAt)
        .slice(0, limit)
        .map(([owner]) => owner),
    get: async (owner) => {
      const row = rows.get(owner);
      return row ? view(row) : null;
    },
    mark: async (owner, now, takesAccount) => {
      const before = rows.get(owner);
      const since = before?.since ?? new Date(now).toISOString();
      const row = { since, takesAccount: takesAccount || before?.takesAccount === true, eraseAt: now };
      rows.set(owner, row);
      settings.set(owner, { erasingSince: since });
      return view(row);
    },
    postpone: async (owner, until) => {
      const row = rows.get(owner);
      if (row) row.eraseAt = until;
    },
    close: async (owner) => {
      rows.delete(owner);
      settings.delete(owner);
    },
  };
}
