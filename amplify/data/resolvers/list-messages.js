import { util } from '@aws-appsync/utils';

const defaultLimit = 50;
const maxLimit = 100;

/** A conversation's messages, newest first (ids are UUIDs of version 7: they sort by time). */
export function request(ctx) {
  if (!ctx.stash.hasConversation) {
    util.error('conversation.not_found: there is no such conversation', 'conversation.not_found');
  }
  return {
    operation: 'Query',
    query: {
      expression: '#owner = :owner AND begins_with(#key, :prefix)',
      expressionNames: { '#owner': 'owner', '#key': 'conversationId#id' },
      expressionValues: util.dynamodb.toMapValues({
        ':owner': ctx.identity.sub,
        ':prefix': `${ctx.args.conversationId}#`,
      }),
    },
    scanIndexForward: false,
    limit: Math.max(1, Math.min(ctx.args.limit ?? defaultLimit, maxLimit)),
    nextToken: ctx.args.nextToken,
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}
