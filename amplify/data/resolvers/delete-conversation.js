import { util } from '@aws-appsync/utils';

/** Deletes the conversation's row. Its messages can't be reached without it (find-conversation.js). */
export function request(ctx) {
  return {
    operation: 'DeleteItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  if (!ctx.result) {
    util.error('conversation.not_found: there is no such conversation', 'conversation.not_found');
  }
  return {
    owner: ctx.identity.sub,
    kind: 'conversation.deleted',
    conversationId: ctx.args.id,
    messageId: null,
    body: '{}',
  };
}
