import type { Schedule } from '../../core/schedule/schedule.ts';
import type { ScheduleKey, ScheduleStore } from '../../core/schedule/schedule-ports.ts';

/** Schedules in memory. `rows` is open to tests, by owner and id. */
export function memorySchedules(): ScheduleStore & { rows: Map<string, Schedule> } {
  const rows = new Map<string, Schedule>();
  const nameOf = ({ owner, id }: ScheduleKey) => `${owner} ${id}`;
  const isSeen = (row: Schedule) => rows.get(nameOf(row))?.revision === row.revision;
  const keep = (row: Schedule) => {
    const { begunAt, lastRun, ...rest } = structuredClone(row);
    // Absent as in a table, where nothing is null.
    rows.set(nameOf(row), { ...rest, ...(begunAt != null && { begunAt }), ...(lastRun && { lastRun }) });
  };
  return {
    rows,
    list: async (owner) => structuredClone([...rows.values()].filter((row) => row.owner === owner)),
    get: async (key) => structuredClone(rows.get(nameOf(key))) ?? null,
    add: async (row) => {
      if (rows.has(nameOf(row))) return false;
      keep(row);
      return true;
    },
    save: async (row) => {
      if (!isSeen(row)) return null;
      const saved = { ...row, revision: row.revision + 1 };
      keep(saved);
      return structuredClone(saved);
    },
    end: async (row) => isSeen(row) && rows.delete(nameOf(row)),
    remove: async (owner, ids) => {
      for (const id of ids) rows.delete(nameOf({ owner, id }));
    },
    due: async (now, limit) =>
      [...rows.values()]
        .filter(({ nextAt }) => nextAt !== null && nextAt <= now)
        .sort((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0))
        .slice(0, limit)
        .map(({ owner, id }) => ({ owner, id })),
  };
}
