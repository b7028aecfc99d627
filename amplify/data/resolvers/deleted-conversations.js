import { util } from '@aws-appsync/utils';

/** A page of the owner's deleted conversations, as long as their rows say so (delete-conversation.js). */
export function request(ctx) {
  return {
    operation: 'Query',
    query: {
      expression: '#owner = :owner',
      expressionNames: { '#owner': 'owner' },
      expressionValues: util.dynamodb.toMapValues({ ':owner': ctx.stash.owner }),
    },
    filter: { expression: 'attribute_exists(#deletedAt)', expressionNames: { '#deletedAt': 'deletedAt' } },
    nextToken: ctx.args.nextToken,
    consistentRead: true,
  };
}

/** core/task-grant.ts `deletedConversations`. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { items, nextToken } = ctx.result;
  return JSON.stringify({ ids: items.map((row) => row.id), nextToken: nextToken ?? null });
}
