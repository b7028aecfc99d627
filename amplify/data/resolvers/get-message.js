import { runtime, util } from '@aws-appsync/utils';

/** One message with its last checkpoint; null when there is none. */
export function request(ctx) {
  if (!ctx.stash.hasConversation) {
    runtime.earlyReturn(null);
  }
  const key = { owner: ctx.identity.sub, 'conversationId#id': `${ctx.args.conversationId}#${ctx.args.id}` };
  return { operation: 'GetItem', key: util.dynamodb.toMapValues(key), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
