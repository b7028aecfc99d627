import { util } from '@aws-appsync/utils';

/** Leaves in the stash which cap of all owners together is reached now, if any. */
export function request() {
  const period = util.time.nowISO8601().slice(0, 7);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ owner: 'deployment', period }) };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const row = ctx.result ?? {};
  const { totalDayMicros, totalMonthMicros } = ctx.stash.deploymentCaps;
  const today = row[`counted${util.time.nowISO8601().slice(8, 10)}`] ?? 0;
  ctx.stash.totalReached = reached((row.counted ?? 0) >= totalMonthMicros, today >= totalDayMicros);
  return null;
}

function reached(month, day) {
  if (month) {
    return 'month';
  }
  return day ? 'day' : null;
}
