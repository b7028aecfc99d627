import { runtime, util } from '@aws-appsync/utils';

/** Counts in the row of the whole deployment what a settled call came to instead of what was reserved for it. */
export function request(ctx) {
  const { day, amount, cost } = ctx.args;
  if (ctx.stash.isSettledBefore) {
    runtime.earlyReturn(true);
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: 'deployment', period: day.slice(0, 7) }),
    update: {
      expression: 'ADD #month :change, #day :change',
      expressionNames: { '#month': 'counted', '#day': `counted${day.slice(8)}` },
      expressionValues: util.dynamodb.toMapValues({ ':change': cost - amount }),
    },
  };
}

/** The call is settled for its owner: what is not taken off here leaves the total too high. */
export function response() {
  return true;
}
