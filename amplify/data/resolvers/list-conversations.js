import { util } from '@aws-appsync/utils';

const pageSize = 50;

/** The caller's conversations, the one with the latest message first. */
export function request(ctx) {
  return {
    operation: 'Query',
    index: 'byActivity',
    query: {
      expression: '#owner = :owner',
      expressionNames: { '#owner': 'owner' },
      expressionValues: util.dynamodb.toMapValues({ ':owner': ctx.identity.sub }),
    },
    scanIndexForward: false,
    limit: pageSize,
    nextToken: ctx.args.nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { items, nextToken } = ctx.result;
  return { items, pinned: ctx.stash.pinned ?? null, nextToken };
}
