import { runtime, util } from '@aws-appsync/utils';

/** After message-ended.js: whether the owner has a browser that wants to be pushed to. */
export function request(ctx) {
  ctx.stash.ended = ctx.prev.result;
  const { message } = JSON.parse(ctx.prev.result.body);
  if (message.channel !== 'web' || message.status === 'stopped') {
    runtime.earlyReturn(ctx.prev.result);
  }
  return {
    operation: 'Query',
    query: {
      expression: '#owner = :owner',
      expressionNames: { '#owner': 'owner' },
      expressionValues: util.dynamodb.toMapValues({ ':owner': ctx.stash.owner }),
    },
    limit: 1,
  };
}

/** The message has ended whether or not anybody can be told. */
export function response(ctx) {
  ctx.stash.hasDevices = !ctx.error && ctx.result.items.length > 0;
  return ctx.stash.ended;
}
