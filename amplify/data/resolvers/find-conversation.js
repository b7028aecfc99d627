import { util } from '@aws-appsync/utils';

/** Messages are reached through their conversation: once it is deleted, so are they. */
export function request(ctx) {
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.conversationId }),
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.hasConversation = !!ctx.result && !ctx.result.deletedAt;
  return null;
}
