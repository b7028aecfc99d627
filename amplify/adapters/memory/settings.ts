import type { SettingsStore } from '../../core/ports.ts';
import type { Settings } from '../../core/settings.ts';

/** Settings rows in memory, by owner. */
export const memorySettings = (
  rows = new Map<string, Settings>(),
): SettingsStore & { rows: Map<string, Settings> } => ({
  rows,
  get: async (owner) => rows.get(owner) ?? {},
});
