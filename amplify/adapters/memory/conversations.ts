import type { Conversation } from '../../core/conversation.ts';
import type { ConversationStore } from '../../core/ports.ts';

/** Conversation rows in memory. `create` and `remove` play the resolvers that do it. */
export function memoryConversations(): ConversationStore & {
  create(owner: string, conversation: Conversation): void;
  remove(owner: string, id: string): void;
} {
  const rows = new Map<string, Conversation>();
  return {
    create: (owner, conversation) => void rows.set(`${owner} ${conversation.id}`, conversation),
    remove: (owner, id) => void rows.delete(`${owner} ${id}`),
    get: async (owner, id) => rows.get(`${owner} ${id}`) ?? null,
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
