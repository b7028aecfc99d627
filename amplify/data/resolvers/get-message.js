import { runtime, util } from '@aws-appsync/utils';

/** One message with its last checkpoint; null when there is none. */
export function request(ctx) {
  if (!ctx.stash.hasConversation) {
    runtime.earlyReturn(null);
  }
  const key = { owner: ctx.identity.sub, 'conversationId#id': `${ctx.args.conversationId}#${ctx.args.id}` };
  return { operation: 'GetItem', key: util.dynamodb.toMapValues(key), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result ? JSON.stringify(messageOf(ctx.result)) : null;
}

function messageOf(row) {
  return {
    conversationId: row.conversationId,
    id: row.id,
    text: row.text,
    attachments: row.attachments ?? [],
    channel: row.channel,
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
  };
}
