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
  return {
    owner: ctx.identity.sub,
    kind: 'agent.changed',
    conversationId: null,
    messageId: null,
    body: JSON.stringify({ agent: viewOf(ctx.result ?? { state: 'asleep', revision: 0 }) }),
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
