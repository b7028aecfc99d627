import type { ParameterStore } from '../../core/ports.ts';

/** Parameters in memory, by name after the prefix. */
export const memoryParameters = (values: Readonly<Record<string, string>> = {}): ParameterStore => ({
  get: async (name) => values[name] ?? null,
});
