/** After conversation-view.js: tells the owner's pages how the conversation now is. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  return {
    owner: ctx.identity.sub,
    kind: 'conversation.changed',
    conversationId: ctx.args.id,
    messageId: null,
    body: `{"conversation":${ctx.prev.result}}`,
  };
}
