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
  return {
    owner: ctx.identity.sub,
    kind: 'agent.changed',
    conversationId: null,
    messageId: null,
    body: JSON.stringify({ agent: viewOf(ctx.result) }),
  };
}

/** What people see of a lease: core/agent.ts. */
function viewOf(lease) {
  const isWaking = lease.state === 'waking';
  const median = medianOf(lease.wakeMs ?? []);
  return {
    state: lease.state,
    revision: lease.revision,
    phase: isWaking ? (lease.phase ?? null) : null,
    phaseAt: isWaking ? (lease.phaseAt ?? null) : null,
    wakeStartedAt: isWaking ? (lease.wakeStartedAt ?? null) : null,
    medianWakeMs: median > 0 ? median : null,
    sleepsAt: lease.sleepsAt ?? null,
    keepAwakeUntil: lease.keepAwakeUntil ?? null,
    sleepRequested: lease.sleepRequested ?? null,
    error: lease.error ?? null,
  };
}

/** Without sorting: APPSYNC_JS sorts as text only. 0 for an empty list. */
function medianOf(durations) {
  const upper = atRank(durations, Math.floor(durations.length / 2));
  return durations.length % 2 === 1
    ? upper
    : Math.round((atRank(durations, durations.length / 2 - 1) + upper) / 2);
}

/** The number that would stand there (from 0) if the list were sorted. */
function atRank(durations, rank) {
  return (
    durations.find(
      (one) =>
        durations.filter((other) => other < one).length <= rank &&
        durations.filter((other) => other <= one).length > rank,
    ) ?? 0
  );
}
