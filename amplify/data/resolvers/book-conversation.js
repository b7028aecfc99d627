import { runtime, util } from '@aws-appsync/utils';

/** Adds a settled call to what its conversation has cost this month: for people to see, not for the caps. */
export function request(ctx) {
  const { conversationId, day, cost, inputTokens, outputTokens } = ctx.args;
  if (ctx.stash.isSettledBefore || !conversationId || !util.matches('^[0-9a-f-]{36}$', conversationId)) {
    runtime.earlyReturn(true);
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({
      owner: ctx.stash.owner,
      period: `${day.slice(0, 7)}#${conversationId}`,
    }),
    update: {
      expression: 'ADD #model :cost, #calls :one, #input :input, #output :output',
      expressionNames: {
        '#model': 'model',
        '#calls': 'calls',
        '#input': 'inputTokens',
        '#output': 'outputTokens',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':cost': cost,
        ':one': 1,
        ':input': inputTokens,
        ':output': outputTokens,
      }),
    },
  };
}

/** The call is settled: what is lost here is missing from one sum that is only shown. */
export function response() {
  return true;
}
