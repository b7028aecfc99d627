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
  const items = ctx.result.items.map((row) => conversationOf(row));
  return {
    items: JSON.stringify(items),
    pinned: ctx.stash.pinned ? JSON.stringify(ctx.stash.pinned.map((row) => conversationOf(row))) : null,
    nextToken: ctx.result.nextToken,
  };
}

function conversationOf(row) {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.createdAt,
    activeAt: row.activeAt,
    pinnedAt: row.pinnedAt ?? null,
  };
}
