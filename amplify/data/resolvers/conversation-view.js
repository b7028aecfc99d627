/** After a resolver that gives a conversation's row, or a page of rows: core/conversation.ts, as JSON. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const { result } = ctx.prev;
  return result.items
    ? { ...result, items: listOf(result.items), pinned: result.pinned && listOf(result.pinned) }
    : JSON.stringify(conversationOf(result));
}

function listOf(rows) {
  return JSON.stringify(rows.map((row) => conversationOf(row)));
}

function conversationOf(row) {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.createdAt,
    activeAt: row.activeAt,
    pinnedAt: row.pinnedAt ?? null,
    model: row.model ?? null,
  };
}
