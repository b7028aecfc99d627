import { util } from '@aws-appsync/utils';

/** Counts what a model call came to instead of what was reserved for it. A second time it changes nothing. */
export function request(ctx) {
  const { id, day, amount, cost } = ctx.args;
  const workedMs = ctx.args.workedMs ?? 0;
  if (
    !util.matches('^[0-9a-f-]{36}$', id) ||
    !util.matches('^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', day) ||
    cost < 0 ||
    cost % 1 !== 0 ||
    workedMs < 0
  ) {
    util.error(
      'event.malformed: a call has an id, a day, a whole cost and no time below nothing',
      'event.malformed',
    );
  }
  const dayOfMonth = day.slice(8);
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner, period: day.slice(0, 7) }),
    update: {
      expression:
        'ADD #month :change, #day :change, #model :cost, #calls :one, #input :input, #output :output, #cached :cached, #worked :worked REMOVE #held',
      expressionNames: {
        '#month': 'counted',
        '#day': `counted${dayOfMonth}`,
        '#model': `model${dayOfMonth}`,
        '#calls': 'calls',
        '#input': 'inputTokens',
        '#output': 'outputTokens',
        '#cached': 'cachedTokens',
        '#worked': 'workedMs',
        '#held': `held-${id}`,
      },
      expressionValues: util.dynamodb.toMapValues({
        ':change': cost - amount,
        ':cost': cost,
        ':one': 1,
        ':input': ctx.args.inputTokens,
        ':output': ctx.args.outputTokens,
        ':cached': ctx.args.cachedTokens,
        ':worked': workedMs,
      }),
    },
    condition: {
      expression: '#ifHeld = :ifHeld',
      expressionNames: { '#ifHeld': `held-${id}` },
      expressionValues: util.dynamodb.toMapValues({ ':ifHeld': amount }),
    },
  };
}

export function response(ctx) {
  const isSettled = ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException';
  if (ctx.error && !isSettled) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.isSettledBefore = isSettled;
  return true;
}
