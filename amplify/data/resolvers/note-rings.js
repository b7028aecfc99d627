import { util } from '@aws-appsync/utils';

/**
 * Before a message is made final: leaves in the stash how often somebody has rung until now. Whoever drops the
 * message's key afterwards (drop-pending.js) does it only if nobody rang since: a Retry may have put it there anew.
 */
export function request(ctx) {
  const owner = ctx.stash.owner ?? ctx.identity.sub;
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ owner }), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.wakeSeq = ctx.result ? ctx.result.wakeSeq : null;
  return null;
}
