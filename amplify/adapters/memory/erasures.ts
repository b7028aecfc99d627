import type { ConversationErasure, ErasureStore } from '../../core/erasure.ts';

/** Marks in memory. `rows` is open to tests, by owner and conversation; `mark` plays the resolver that deletes one. */
export function memoryErasures() {
  const rows = new Map<
    string,
    ConversationErasure & { deletedAt: string; eraseAt: number; expiresAt?: number }
  >();
  const name = ({ owner, conversationId }: ConversationErasure) => `${owner} ${conversationId}`;
  const open = (erasure: ConversationErasure) => {
    const row = rows.get(name(erasure));
    return row && row.expiresAt === undefined ? row : undefined;
  };
  const store: ErasureStore = {
    due: async (now, limit) =>
      [...rows.values()]
        .filter((row) => row.expiresAt === undefined && row.eraseAt <= now)
        .sort((a, b) => a.eraseAt - b.eraseAt)
        .slice(0, limit)
        .map(({ owner, conversationId }) => ({ owner, conversationId })),
    deletedAt: async (erasure) => open(erasure)?.deletedAt ?? null,
    postpone: async (erasure, until) => {
      const row = open(erasure);
      if (row) row.eraseAt = until;
    },
    close: async (erasure, expiresAt) => {
      const row = open(erasure);
      if (row) row.expiresAt = expiresAt;
    },
  };
  return {
    ...store,
    rows,
    mark: async (erasure: ConversationErasure, at: number) =>
      void rows.set(name(erasure), { ...erasure, deletedAt: new Date(at).toISOString(), eraseAt: at }),
  };
}
