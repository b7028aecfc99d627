import type { Conversation } from '../../core/conversation.ts';
import type { ConversationStore } from '../../core/ports.ts';

/** Conversation rows in memory. `remove` plays the resolver that does it. */
export function memoryConversations(): ConversationStore & {
  rows: Map<string, Conversation>;
  remove(owner: string, id: string): void;
} {
  const rows = new Map<string, Conversation>();
  return {
    rows,
    remove: (owner, id) => void rows.delete(`${owner} ${id}`),
    create: async (owner, conversation) => {
      const key = `${owner} ${conversation.id}`;
      const row = rows.get(key) ?? conversation;
      rows.set(key, row);
      return row;
    },
    get: async (owner, id) => rows.get(`${owner} ${id}`) ?? null,
    active: async (owner, since, limit) =>
      [...rows]
        .filter(([name, { activeAt }]) => name.startsWith(`${owner} `) && activeAt >= since)
        .map(([, row]) => row)
        .sort((a, b) => (a.activeAt < b.activeAt ? 1 : -1))
        .slice(0, limit)
        .map(({ id }) => id),
    touch: async (owner, id, change) => {
      const row = rows.get(`${owner} ${id}`);
      if (!row) return null;
      const after = {
        ...row,
        title: row.title === '' ? change.title : row.title,
        activeAt: [row.activeAt, change.activeAt].sort()[1] ?? change.activeAt,
      };
      rows.set(`${owner} ${id}`, after);
      return after;
    },
  };
}
