import type { DeploymentSettings } from '../../core/deployment-settings.ts';
import type { SettingsStore } from '../../core/ports.ts';
import type { StoredSettings } from '../../core/settings.ts';

/** Settings rows in memory, by owner; `deployment`: what admins have set. */
export function memorySettings(
  rows = new Map<string, StoredSettings>(),
): SettingsStore & { rows: Map<string, StoredSettings>; deployment: DeploymentSettings } {
  const store = {
    rows,
    deployment: {} as DeploymentSettings,
    get: async (owner: string) => rows.get(owner) ?? {},
    ofDeployment: async () => store.deployment,
  };
  return store;
}
