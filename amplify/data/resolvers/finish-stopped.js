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
  ctx.stash.stopped = ctx.result;
  return ctx.result;
}
