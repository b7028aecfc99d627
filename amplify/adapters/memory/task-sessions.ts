import type { TaskSession, TaskSessionStore } from '../../core/ports.ts';

/** Task sessions in memory. */
export function memoryTaskSessions(): TaskSessionStore {
  const rows = new Map<string, TaskSession>();
  return {
    get: async (taskId) => structuredClone(rows.get(taskId)) ?? null,
    put: async (session) => {
      if (!rows.has(session.taskId)) rows.set(session.taskId, structuredClone(session));
    },
    note: async (taskId, change) => {
      const row = rows.get(taskId);
      if (!row || (row.version !== undefined && row.version >= change.version)) return false;
      const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      rows.set(taskId, { ...row, ...known });
      return true;
    },
  };
}
