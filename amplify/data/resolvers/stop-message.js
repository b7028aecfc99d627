import { util } from '@aws-appsync/utils';

/** Asks for the stop of a message that is not final. The task that holds it hears it on its doorbell. */
export function request(ctx) {
  const key = `${ctx.args.conversationId}#${ctx.args.id}`;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, 'conversationId#id': key }),
    update: {
      expression: 'SET #stopRequested = :yes',
      expressionNames: { '#stopRequested': 'stopRequested' },
      expressionValues: util.dynamodb.toMapValues({ ':yes': true }),
    },
    condition: {
      expression: '#status IN (:queued, :working)',
      expressionNames: { '#status': 'status' },
      expressionValues: util.dynamodb.toMapValues({ ':queued': 'queued', ':working': 'working' }),
    },
  };
}

/** A message that was final already is shown as it is. */
export function response(ctx) {
  const isRefused = ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException';
  if (ctx.error && !isRefused) {
    util.error(ctx.error.message, ctx.error.type);
  }
  if (!ctx.result) {
    util.error('message.not_found: there is no such message', 'message.not_found');
  }
  ctx.stash.isUntaken = !isRefused && ctx.result.status === 'queued';
  return isRefused ? finished(ctx.result) : stopping(ctx.result);
}

function stopping(row) {
  const { owner, conversationId } = row;
  return { owner, kind: 'message.stopping', conversationId, messageId: row.id, body: '{}' };
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
