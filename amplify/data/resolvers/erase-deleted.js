/**
 * After delete-conversation.js: has what is left of it erased. Nobody waits for it, and what is not begun now is found
 * by the sweeper.
 */
export function request(ctx) {
  const { owner, conversationId } = ctx.prev.result;
  return { operation: 'Invoke', invocationType: 'Event', payload: { owner, conversationId } };
}

/** The conversation is deleted whether or not its erasure has begun. */
export function response(ctx) {
  return ctx.prev.result;
}
