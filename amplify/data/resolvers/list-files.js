import { util } from '@aws-appsync/utils';

const pageSize = 30;

/** The owner's messages that have files, newest first: a sparse index, so no other message is read. */
export function request(ctx) {
  return {
    operation: 'Query',
    index: 'byFiles',
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
  ctx.stash.rows = ctx.result.items;
  ctx.stash.nextToken = ctx.result.nextToken ?? null;
  return null;
}
