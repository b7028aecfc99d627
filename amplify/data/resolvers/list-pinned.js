import { runtime, util } from '@aws-appsync/utils';

/** With the first page of the list: the conversations that the caller has pinned, however long ago they were active. */
export function request(ctx) {
  if (ctx.args.nextToken) {
    runtime.earlyReturn(null);
  }
  return {
    operation: 'Query',
    query: {
      expression: '#owner = :owner',
      expressionNames: { '#owner': 'owner' },
      expressionValues: util.dynamodb.toMapValues({ ':owner': ctx.identity.sub }),
    },
    filter: { expression: 'attribute_exists(#pinnedAt)', expressionNames: { '#pinnedAt': 'pinnedAt' } },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.pinned = ctx.result.items;
  return null;
}
