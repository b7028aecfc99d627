import type { ParameterStore, SecretStore } from '../../core/ports.ts';

/** Parameters in memory, by name after the prefix. */
export const memoryParameters = (values: Readonly<Record<string, string>> = {}): ParameterStore => ({
  get: async (name) => values[name] ?? null,
});

/** The same, for what the app itself stores. */
export function memorySecrets(): SecretStore {
  const values = new Map<string, string>();
  return {
    get: async (name) => values.get(name) ?? null,
    put: async (name, value) => void values.set(name, value),
    remove: async (name) => void values.delete(name),
  };
}
