import type { SettingsStore } from '../../core/ports.ts';
import type { StoredSettings } from '../../core/settings.ts';

/** Settings rows in memory, by owner. */
export const memorySettings = (
  rows = new Map<string, StoredSettings>(),
): SettingsStore & { rows: Map<string, StoredSettings> } => ({
  rows,
  get: async (owner) => rows.get(owner) ?? {},
});
