import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const key = util.dynamodb.toMapValues({ owner: ctx.identity.sub });
  return { operation: 'GetItem', key, consistentRead: true };
}

/** An owner who never woke an agent has no row: the agent is asleep. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result ?? { state: 'asleep', revision: 0 };
}
