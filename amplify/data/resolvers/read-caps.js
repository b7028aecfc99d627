import { util } from '@aws-appsync/utils';

/** Leaves in the stash what the owner may spend: the deployment's caps, lowered by the owner's own (core/spending.ts). */
export function request(ctx) {
  const owner = ctx.stash.owner ?? ctx.identity.sub;
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ owner }), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const own = ctx.result ?? {};
  const { dayMicros, monthMicros, stopped } = ctx.stash.deploymentCaps;
  ctx.stash.caps = {
    dayMicros: lower(dayMicros, own.dayCapCents),
    monthMicros: lower(monthMicros, own.monthCapCents),
    stoppedBy: stopper(stopped, own.spendingStopped),
  };
  return null;
}

function lower(cap, cents) {
  return cents === null || cents === undefined ? cap : Math.min(cap, cents * 10000);
}

function stopper(byDeployment, byOwner) {
  if (byDeployment) {
    return 'deployment';
  }
  return byOwner ? 'owner' : null;
}
