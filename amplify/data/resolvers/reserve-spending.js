import { util } from '@aws-appsync/utils';

/**
 * Reserves a model call's worst case in the owner's row of the month (core/usage.ts): one conditional update, so that
 * calls side by side can't pass the caps together. The same id again is the same reservation.
 */
export function request(ctx) {
  const { caps } = ctx.stash;
  const { id, amount } = ctx.args;
  if (!util.matches('^[0-9a-f-]{36}$', id) || amount < 0 || amount % 1 !== 0) {
    util.error('event.malformed: a reservation has an id and a whole amount', 'event.malformed');
  }
  if (caps.stoppedBy) {
    util.error(`spending.stopped: by the ${caps.stoppedBy}`, 'spending.stopped');
  }
  if (amount > caps.monthMicros) {
    util.error('spending.month_cap: the call may cost more than the whole cap', 'spending.month_cap');
  }
  if (amount > caps.dayMicros) {
    util.error('spending.day_cap: the call may cost more than the whole cap', 'spending.day_cap');
  }
  const day = util.time.nowISO8601().slice(0, 10);
  ctx.stash.day = day;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner, period: day.slice(0, 7) }),
    update: {
      expression: 'SET #held = :amount ADD #month :amount, #day :amount',
      expressionNames: { '#held': `held-${id}`, '#month': 'counted', '#day': `counted${day.slice(8)}` },
      expressionValues: util.dynamodb.toMapValues({ ':amount': amount }),
    },
    condition: {
      expression:
        'attribute_not_exists(#ifHeld) AND (attribute_not_exists(#ifMonth) OR #ifMonth <= :ifMonth) AND (attribute_not_exists(#ifDay) OR #ifDay <= :ifDay)',
      expressionNames: {
        '#ifHeld': `held-${id}`,
        '#ifMonth': 'counted',
        '#ifDay': `counted${day.slice(8)}`,
      },
      expressionValues: util.dynamodb.toMapValues({
        ':ifMonth': caps.monthMicros - amount,
        ':ifDay': caps.dayMicros - amount,
      }),
    },
  };
}

export function response(ctx) {
  const { caps, day } = ctx.stash;
  const { id, amount } = ctx.args;
  const isRefused = ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException';
  if (ctx.error && !isRefused) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const row = ctx.result ?? {};
  if (isRefused && row[`held-${id}`] !== amount) {
    const isMonth = (row.counted ?? 0) + amount > caps.monthMicros;
    const code = isMonth ? 'spending.month_cap' : 'spending.day_cap';
    util.error(`${code}: the call may cost more than what is left`, code);
  }
  return JSON.stringify({ day });
}
