import { runtime, util } from '@aws-appsync/utils';

/**
 * After what may be news for the owner (core/news.ts; `ctx.stash.isNews`): whether the owner has a browser that wants to be
 * pushed to.
 */
export function request(ctx) {
  ctx.stash.told = ctx.prev.result;
  if (!ctx.stash.isNews) {
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

/** It has happened whether or not anybody can be told. */
export function response(ctx) {
  ctx.stash.hasDevices = !ctx.error && ctx.result.items.length > 0;
  return ctx.stash.told;
}
