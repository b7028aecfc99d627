import { util } from '@aws-appsync/utils';

export function request() {
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ owner: 'deployment' }),
    consistentRead: true,
  };
}

/** What admins have set, and what the configuration allows at most: core/deployment-settings.ts. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const row = ctx.result ?? { revision: 0 };
  const { env } = ctx;
  return JSON.stringify({
    settings: {
      dayCapCents: row.dayCapCents ?? null,
      monthCapCents: row.monthCapCents ?? null,
      totalDayCapCents: row.totalDayCapCents ?? null,
      totalMonthCapCents: row.totalMonthCapCents ?? null,
      spendingStopped: row.spendingStopped ?? null,
    },
    revision: row.revision,
    most: {
      dayMicros: parseInt(env.DAY_CAP_MICROS, 10),
      monthMicros: parseInt(env.MONTH_CAP_MICROS, 10),
      totalDayMicros: parseInt(env.TOTAL_DAY_CAP_MICROS, 10),
      totalMonthMicros: parseInt(env.TOTAL_MONTH_CAP_MICROS, 10),
      stopped: env.SPENDING_STOPPED === 'yes',
    },
  });
}
