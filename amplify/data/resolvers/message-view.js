/** After a resolver that gives a message's row, or a page of rows: what people see of it (core/message.ts), as JSON. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const { result } = ctx.prev;
  if (!result) {
    return null;
  }
  return result.items
    ? { ...result, items: JSON.stringify(result.items.map((row) => messageOf(row))) }
    : JSON.stringify(messageOf(result));
}

function messageOf(row) {
  return {
    conversationId: row.conversationId,
    id: row.id,
    text: row.text,
    attachments: row.attachments ?? [],
    transcript: row.transcript ?? null,
    channel: row.channel,
    schedule: row.schedule ?? null,
    status: row.status,
    attempt: row.attempt,
    epoch: row.epoch ?? null,
    acceptedAt: row.acceptedAt,
    startedAt: row.startedAt ?? null,
    finishedAt: row.finishedAt ?? null,
    answer: row.answer ?? '',
    seq: row.seq ?? 0,
    tools: row.tools ?? [],
    files: row.files ?? [],
    approval: row.approval ?? null,
    stopRequested: row.stopRequested ?? false,
    error: row.error ?? null,
    usage: row.usage ?? null,
    model: row.model ?? null,
    thinkingMs: row.thinkingMs ?? null,
  };
}
