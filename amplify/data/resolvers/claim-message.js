import { util } from '@aws-appsync/utils';

/**
 * Takes a message into work: a queued one, one that an older task left, or again its own.
 * `seq` begins anew, because deltas count within (epoch, attempt). What the older task left of an answer stays
 * until the first checkpoint: an interrupted message ends with it. What was thought begins anew too. `claims` counts how often this attempt was taken.
 */
export function request(ctx) {
  const { conversationId, id, attempt, files } = ctx.args;
  // More may have joined since the task read it: it takes what it has seen, or nothing.
  const isWhole = files ? ' AND size(#ifFiles) = :ifFiles' : '';
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({
      owner: ctx.stash.owner,
      'conversationId#id': `${conversationId}#${id}`,
    }),
    update: {
      expression:
        'SET #status = :working, #epoch = :epoch, #startedAt = :now, #seq = :none REMOVE #approval, #thinking, #thinkingMs ADD #claims :one',
      expressionNames: {
        '#status': 'status',
        '#epoch': 'epoch',
        '#startedAt': 'startedAt',
        '#seq': 'seq',
        '#approval': 'approval',
        '#thinking': 'thinking',
        '#thinkingMs': 'thinkingMs',
        '#claims': 'claims',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':one': 1,
        ':working': 'working',
        ':epoch': ctx.stash.epoch,
        ':now': util.time.nowISO8601(),
        ':none': 0,
      }),
    },
    condition: {
      expression: `#ifAttempt = :ifAttempt AND (#ifStatus = :ifQueued OR #ifStatus = :ifWorking AND #ifEpoch <= :ifEpoch)${isWhole}`,
      expressionNames: {
        ...{ '#ifAttempt': 'attempt', '#ifStatus': 'status', '#ifEpoch': 'epoch' },
        ...(files ? { '#ifFiles': 'attachments' } : {}),
      },
      expressionValues: util.dynamodb.toMapValues({
        ':ifAttempt': attempt,
        ':ifQueued': 'queued',
        ':ifWorking': 'working',
        ':ifEpoch': ctx.stash.epoch,
        ...(files ? { ':ifFiles': files } : {}),
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return {
    owner: ctx.stash.owner,
    kind: 'message.started',
    conversationId: ctx.result.conversationId,
    messageId: ctx.result.id,
    // For the task: from this write on nobody else can mark the turn, so this is whether a tool has run in it.
    body: JSON.stringify({
      epoch: ctx.result.epoch,
      attempt: ctx.result.attempt,
      toolsRan: ctx.result.toolsRan ?? false,
    }),
  };
}
