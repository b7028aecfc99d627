import { runtime } from '@aws-appsync/utils';

/**
 * After finish-stopped.js: a message that came by a channel and that no task has taken is nobody's to bring there but the
 * app's. Nobody waits for it, and what is not brought is found by the sweeper.
 */
export function request(ctx) {
  const { stopped } = ctx.stash;
  if (!stopped || stopped.channel === 'web') {
    runtime.earlyReturn(ctx.prev.result);
  }
  const { owner, conversationId, id } = stopped;
  return { operation: 'Invoke', invocationType: 'Event', payload: { owner, conversationId, id } };
}

/** The message is stopped whether or not its channel hears of it now. */
export function response(ctx) {
  return ctx.prev.result;
}
