import { runtime, util } from '@aws-appsync/utils';

/** After stop-message.js: a message that no task has taken is stopped at once. */
export function request(ctx) {
  if (!ctx.stash.isUntaken) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const key = `${ctx.args.conversationId}#${ctx.args.id}`;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, 'conversationId#id': key }),
    update: {
      expression: 'SET #status = :stopped, #finishedAt = :now REMOVE #stopRequested, #pendingShard',
      expressionNames: {
        '#status': 'status',
        '#finishedAt': 'finishedAt',
        '#stopRequested': 'stopRequested',
        '#pendingShard': 'pendingShard',
      },
      expressionValues: util.dynamodb.toMapValues({ ':stopped': 'stopped', ':now': util.time.nowISO8601() }),
    },
    condition: {
      expression: '#ifStatus = :ifQueued',
      expressionNames: { '#ifStatus': 'status' },
      expressionValues: util.dynamodb.toMapValues({ ':ifQueued': 'queued' }),
    },
  };
}

/** Taken in between: the task knows that it is to stop (stop-message.js has written it), so that event stands. */
export function response(ctx) {
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    return ctx.prev.result;
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.drop = {
    owner: ctx.identity.sub,
    keys: [`${ctx.args.conversationId}#${ctx.args.id}`],
    wakeSeq: ctx.stash.wakeSeq,
  };
  return finished(ctx.result);
}

/**
 * message.finished. AppSync drops an event of more than 240 KB: what tools took and gave, which can be much,
 * is then left to a later reading of the row.
 */
function finished(row) {
  const message = messageOf(row);
  const isLong = JSON.stringify(message).length > 60000;
  const tools = isLong ? message.tools.map((tool) => ({ ...tool, input: '', output: '' })) : message.tools;
  return {
    owner: row.owner,
    kind: 'message.finished',
    conversationId: row.conversationId,
    messageId: row.id,
    body: JSON.stringify({ message: { ...message, tools } }),
  };
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
