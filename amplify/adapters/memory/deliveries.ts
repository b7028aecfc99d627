import type { DeliveryStore } from '../../core/channel/channel-ports.ts';
import { type Delivery, dueAt } from '../../core/channel/delivery.ts';

/** The outbox in memory. `rows` is open to tests, by owner and message. */
export function memoryDeliveries(): DeliveryStore & { rows: Map<string, Delivery> } {
  const rows = new Map<string, Delivery>();
  const due = new Map<string, number | undefined>();
  const keep = (row: Delivery, now: number) => {
    rows.set(`${row.owner} ${row.id}`, structuredClone(row));
    due.set(`${row.owner} ${row.id}`, dueAt(row, now));
  };
  return {
    rows,
    get: async (owner, id) => structuredClone(rows.get(`${owner} ${id}`)) ?? null,
    open: async (row, now) => {
      if (!rows.has(`${row.owner} ${row.id}`)) keep(row, now);
    },
    save: async (row, now) => {
      if (rows.get(`${row.owner} ${row.id}`)?.revision !== row.revision) return null;
      const saved = { ...row, revision: row.revision + 1 };
      keep(saved, now);
      return structuredClone(saved);
    },
    remove: async (owner, ids) => {
      for (const id of ids) {
        rows.delete(`${owner} ${id}`);
        due.delete(`${owner} ${id}`);
      }
    },
    overdue: async (now, limit) =>
      [...rows]
        .map(([key, row]) => ({ at: due.get(key), row }))
        .filter(({ at }) => at !== undefined && at < now)
        .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
        .slice(0, limit)
        .map(({ row: { owner, conversationId, id } }) => ({ owner, conversationId, id })),
  };
}
