import { util } from '@aws-appsync/utils';

/** Asks for the stop of a message that is not final. The task that holds it hears it on its doorbell. */
export function request(ctx) {
  const key = `${ctx.args.conversationId}#${ctx.args.id}`;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, 'conversationId#id': key }),
    update: {
      expression: 'SET #stopRequested = :yes',
      expressionNames: { '#stopRequested': 'stopRequested' },
      expressionValues: util.dynamodb.toMapValues({ ':yes': true }),
    },
    condition: {
      expression: '#status IN (:queued, :working)',
      expressionNames: { '#status': 'status' },
      expressionValues: util.dynamodb.toMapValues({ ':queued': 'queued', ':working': 'working' }),
    },
  };
}

/** A message that was final already is shown as it is. */
export function response(ctx) {
  const isRefused = ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException';
  if (ctx.error && !isRefused) {
    util.error(ctx.error.message, ctx.error.type);
  }
  if (!ctx.result) {
    util.error('message.not_found: there is no such message', 'message.not_found');
  }
  ctx.stash.isUntaken = !isRefused && ctx.result.status === 'queued';
  return ctx.result;
}
