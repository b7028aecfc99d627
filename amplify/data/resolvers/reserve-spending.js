import { util } from '@aws-appsync/utils';

/**
 * Reserves a model call's worst case in the owner's row of the month (core/usage.ts): one conditional update, so that
 * calls side by side can't pass the caps together. The same id again is the same reservation.
 */
export function request(ctx) {
  const { caps, day } = ctx.stash;
  const { id, amount } = ctx.args;
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

/** Leaves in the stash whether anything was added, and why it was refused: give-back-total.js goes on. */
export function response(ctx) {
  const { caps } = ctx.stash;
  const { id, amount } = ctx.args;
  ctx.stash.isAdded = !ctx.error;
  if (!ctx.error) {
    return null;
  }
  if (ctx.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
    util.error(ctx.error.message, ctx.error.type);
  }
  const row = ctx.result ?? {};
  if (row[`held-${id}`] !== amount) {
    const isMonth = (row.counted ?? 0) + amount > caps.monthMicros;
    ctx.stash.refusal = isMonth ? 'spending.month_cap' : 'spending.day_cap';
  }
  return null;
}
