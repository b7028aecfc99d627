import { util } from '@aws-appsync/utils';

/** The one field that names an owner: granted to functions only. */
export function request(ctx) {
  const { owner, kind, conversationId, messageId, body } = ctx.args;
  const text = JSON.stringify(body);
  if (owner === '' || kind === '' || !text.startsWith('{')) {
    util.error('event.malformed: owner, kind and a body that is an object are needed', 'event.malformed');
  }
  return {
    payload: {
      owner,
      kind,
      conversationId: conversationId ?? null,
      messageId: messageId ?? null,
      body: text,
    },
  };
}

export function response(ctx) {
  return ctx.result;
}
