import { AppError } from '../../core/error.ts';
import { clearedLease, emptyLease, isFree, type Lease } from '../../core/lease.ts';
import type { LeaseStore } from '../../core/ports.ts';

/** Lease rows in memory. `rows` is open to tests, which play the task's resolvers on it. */
export function memoryLeases(): LeaseStore & { rows: Map<string, Lease> } {
  const rows = new Map<string, Lease>();
  const save = (row: Lease): Lease => {
    rows.set(row.owner, structuredClone(row));
    return structuredClone(row);
  };
  return {
    rows,
    get: async (owner) => structuredClone(rows.get(owner)) ?? null,
    ring: async (owner, key, limit) => {
      const row = rows.get(owner) ?? emptyLease(owner);
      if (row.pending.length >= limit && !row.pending.includes(key)) throw new AppError('message.queue_full');
      const { sleepRequested: _asked, unusedWakes: _unused, ...rest } = row;
      return save({ ...rest, wakeSeq: row.wakeSeq + 1, pending: [...new Set([...row.pending, key])] });
    },
    open: async (owner) => save(rows.get(owner) ?? emptyLease(owner)),
    drop: async (owner, keys, wakeSeq) => {
      const row = rows.get(owner);
      if (row?.wakeSeq !== wakeSeq) return null;
      return save({ ...row, pending: row.pending.filter((key) => !keys.includes(key)) });
    },
    move: async (before, after) => {
      const row = rows.get(before.owner);
      const isUnchanged =
        row !== undefined &&
        row.epoch === before.epoch &&
        row.revision === before.revision &&
        row.state === before.state &&
        row.taskId === before.taskId &&
        row.capacity === before.capacity &&
        row.leaseExpiresAt === before.leaseExpiresAt;
      if (!isUnchanged || (isFree(after) && row.wakeSeq !== before.wakeSeq)) return null;
      const { wakeSeq, pending, wakeMs, previousSnapshots, snapshot } = row;
      const kept = { wakeSeq, pending, wakeMs, previousSnapshots, ...(snapshot && { snapshot }) };
      const moved: Lease = { ...after, ...kept };
      // What a ring took away meanwhile stays away.
      for (const name of ['sleepRequested', 'unusedWakes'] as const) {
        if (before[name] === after[name] && row[name] === undefined) delete moved[name];
      }
      return save(moved);
    },
    point: async (before, [snapshot, ...previousSnapshots], epoch = before.epoch) => {
      const row = rows.get(before.owner);
      if (!row || !isFree(row) || row.revision !== before.revision || row.epoch !== before.epoch) return null;
      return save({
        ...row,
        ...{ revision: row.revision + 1, epoch, previousSnapshots },
        ...(snapshot && { snapshot }),
      });
    },
    clear: async (before) => {
      const row = rows.get(before.owner);
      if (row?.revision !== before.revision || row.epoch !== before.epoch || row.wakeSeq !== before.wakeSeq)
        return false;
      save(clearedLease(row));
      return true;
    },
    expired: async (now, limit) =>
      [...rows.values()]
        .filter((row) => row.leaseExpiresAt !== undefined && row.leaseExpiresAt < now)
        .sort((a, b) => (a.leaseExpiresAt ?? 0) - (b.leaseExpiresAt ?? 0))
        .slice(0, limit)
        .map((row) => row.owner),
  };
}
