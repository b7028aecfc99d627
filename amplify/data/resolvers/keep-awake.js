import { util } from '@aws-appsync/utils';

const mostMs = 12 * 3600 * 1000;

/**
 * The caller's agent stays at least until then, although nothing happens; without a time its idle time counts again.
 * Who wants it awake does not want it to sleep now any more.
 */
export function request(ctx) {
  const { until } = ctx.args;
  const now = util.time.nowEpochMilliSeconds();
  const end = until ? util.time.parseISO8601ToEpochMilliSeconds(until) : now;
  if (end < now || end > now + mostMs) {
    util.error('agent.until_invalid: not between now and twelve hours from now', 'agent.until_invalid');
  }
  const values = { ':one': 1 };
  if (until) {
    values[':until'] = util.time.epochMilliSecondsToISO8601(end);
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub }),
    update: {
      expression: `SET #revision = #revision + :one${until ? ', #until = :until' : ''} REMOVE ${until ? '#asked' : '#until'}`,
      expressionNames: {
        '#revision': 'revision',
        '#until': 'keepAwakeUntil',
        ...(until ? { '#asked': 'sleepRequested' } : {}),
      },
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: {
      expression: '#state IN (:waking, :awake)',
      expressionNames: { '#state': 'state' },
      expressionValues: util.dynamodb.toMapValues({ ':waking': 'waking', ':awake': 'awake' }),
    },
  };
}

export function response(ctx) {
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('agent.asleep: only an agent that is awake can be kept awake', 'agent.asleep');
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
