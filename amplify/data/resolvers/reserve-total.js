import { util } from '@aws-appsync/utils';

/**
 * Reserves a model call's worst case in the row of the whole deployment, before the owner's: one conditional update, so
 * that calls of different owners side by side can't pass its caps together. Whoever dies before the next step leaves the
 * total too high, never too low.
 */
export function request(ctx) {
  const { caps, deploymentCaps } = ctx.stash;
  const { id, amount } = ctx.args;
  if (!util.matches('^[0-9a-f-]{36}$', id) || amount < 0 || amount % 1 !== 0) {
    util.error('event.malformed: a reservation has an id and a whole amount', 'event.malformed');
  }
  if (caps.stoppedBy) {
    util.error(`spending.stopped: by the ${caps.stoppedBy}`, 'spending.stopped');
  }
  refuseBeyond(amount, caps.monthMicros, 'spending.month_cap');
  refuseBeyond(amount, caps.dayMicros, 'spending.day_cap');
  refuseBeyond(amount, deploymentCaps.totalMonthMicros, 'spending.deployment_month_cap');
  refuseBeyond(amount, deploymentCaps.totalDayMicros, 'spending.deployment_day_cap');
  const day = util.time.nowISO8601().slice(0, 10);
  ctx.stash.day = day;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: 'deployment', period: day.slice(0, 7) }),
    update: {
      expression: 'ADD #month :amount, #day :amount',
      expressionNames: { '#month': 'counted', '#day': `counted${day.slice(8)}` },
      expressionValues: util.dynamodb.toMapValues({ ':amount': amount }),
    },
    condition: {
      expression:
        '(attribute_not_exists(#ifMonth) OR #ifMonth <= :ifMonth) AND (attribute_not_exists(#ifDay) OR #ifDay <= :ifDay)',
      expressionNames: { '#ifMonth': 'counted', '#ifDay': `counted${day.slice(8)}` },
      expressionValues: util.dynamodb.toMapValues({
        ':ifMonth': deploymentCaps.totalMonthMicros - amount,
        ':ifDay': deploymentCaps.totalDayMicros - amount,
      }),
    },
  };
}

export function response(ctx) {
  const { deploymentCaps } = ctx.stash;
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    const row = ctx.result ?? {};
    const isMonth = (row.counted ?? 0) + ctx.args.amount > deploymentCaps.totalMonthMicros;
    const code = isMonth ? 'spending.deployment_month_cap' : 'spending.deployment_day_cap';
    util.error(`${code}: the call may cost more than what is left for all`, code);
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return null;
}

function refuseBeyond(amount, cap, code) {
  if (amount > cap) {
    util.error(`${code}: the call may cost more than the whole cap`, code);
  }
}
