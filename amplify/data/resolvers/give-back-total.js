import { runtime, util } from '@aws-appsync/utils';

/** Takes back what reserve-total.js added, where the owner's row took nothing more; then says why. */
export function request(ctx) {
  const { day, isAdded } = ctx.stash;
  if (isAdded) {
    runtime.earlyReturn(JSON.stringify({ day }));
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: 'deployment', period: day.slice(0, 7) }),
    update: {
      expression: 'ADD #month :back, #day :back',
      expressionNames: { '#month': 'counted', '#day': `counted${day.slice(8)}` },
      expressionValues: util.dynamodb.toMapValues({ ':back': -ctx.args.amount }),
    },
  };
}

export function response(ctx) {
  const { day, refusal } = ctx.stash;
  if (refusal) {
    util.error(`${refusal}: the call may cost more than what is left`, refusal);
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return JSON.stringify({ day });
}
