import { runtime } from '@aws-appsync/utils';

/** After find-devices.js: has the news pushed. Nobody waits for it. */
export function request(ctx) {
  if (!ctx.stash.hasDevices) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const { conversationId, id } = ctx.args;
  return {
    operation: 'Invoke',
    invocationType: 'Event',
    payload: { owner: ctx.stash.owner, conversationId, id },
  };
}

/** It has happened whether or not the push goes out. */
export function response(ctx) {
  return ctx.stash.told;
}
