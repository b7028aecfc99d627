import { util } from '@aws-appsync/utils';

/** The caller's agent leaves as soon as it has nothing to do. One that sleeps already is left alone. */
export function request(ctx) {
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub }),
    update: {
      expression: 'SET #revision = #revision + :one, #asked = :yes REMOVE #until',
      expressionNames: {
        '#revision': 'revision',
        '#asked': 'sleepRequested',
        '#until': 'keepAwakeUntil',
      },
      expressionValues: util.dynamodb.toMapValues({ ':one': 1, ':yes': true }),
    },
    condition: {
      expression: '#state IN (:waking, :awake)',
      expressionNames: { '#state': 'state' },
      expressionValues: util.dynamodb.toMapValues({ ':waking': 'waking', ':awake': 'awake' }),
    },
  };
}

/** The row as it is, also where nothing was changed. */
export function response(ctx) {
  if (ctx.error && ctx.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result ?? { state: 'asleep', revision: 0 };
}
