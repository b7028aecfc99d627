import type { AllowanceStore } from '../../core/ports.ts';

/** Allowances in memory. */
export function memoryAllowances(): AllowanceStore {
  const rows = new Map<string, Map<string, number>>();
  const rowOf = ({ owner, day }: { owner: string; day: string }) => {
    const row = rows.get(`${owner} ${day}`) ?? new Map<string, number>();
    rows.set(`${owner} ${day}`, row);
    return row;
  };
  return {
    take: async (place, windows) => {
      const row = rowOf(place);
      const usedUp = windows.filter(({ counter, limit }) => (row.get(counter) ?? 0) >= limit);
      if (usedUp.length === 0)
        for (const { counter } of windows) row.set(counter, (row.get(counter) ?? 0) + 1);
      return usedUp;
    },
    giveBack: async (place, windows) => {
      const row = rowOf(place);
      for (const { counter } of windows) row.set(counter, (row.get(counter) ?? 0) - 1);
    },
  };
}
