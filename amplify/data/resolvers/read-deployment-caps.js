import { util } from '@aws-appsync/utils';

/** Leaves in the stash what the deployment allows: the configuration, lowered by admins (core/deployment-settings.ts). */
export function request() {
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ owner: 'deployment' }),
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const set = ctx.result ?? {};
  const { env } = ctx;
  ctx.stash.deploymentCaps = {
    dayMicros: lower(env.DAY_CAP_MICROS, set.dayCapCents),
    monthMicros: lower(env.MONTH_CAP_MICROS, set.monthCapCents),
    totalDayMicros: lower(env.TOTAL_DAY_CAP_MICROS, set.totalDayCapCents),
    totalMonthMicros: lower(env.TOTAL_MONTH_CAP_MICROS, set.totalMonthCapCents),
    stopped: env.SPENDING_STOPPED === 'yes' || set.spendingStopped === true,
  };
  return null;
}

function lower(cap, cents) {
  const micros = parseInt(cap, 10);
  return cents === null || cents === undefined ? micros : Math.min(micros, cents * 10000);
}
