import { util } from '@aws-appsync/utils';

const leaseMs = 120000;
const keptWakes = 10;
const phases = ['requested', 'provisioning', 'pulling', 'starting', 'restoring', 'booting', 'ready'];

/**
 * How far the wake is, when the agent sleeps, what went wrong. A phase only goes forward, and only while waking;
 * `ready` makes the agent awake and keeps how long it took. Not given: unchanged; null: taken away.
 * Whoever reports lives: the lease is renewed.
 */
export function request(ctx) {
  const { phase, sleepsAt, error } = ctx.args;
  const { lease } = ctx.stash;
  if (phase && !phases.includes(phase)) {
    util.error(`event.malformed: a phase is one of ${phases.join(', ')}`, 'event.malformed');
  }
  if (error && typeof error.code !== 'string') {
    util.error('event.malformed: an error has a code', 'event.malformed');
  }
  const now = util.time.nowEpochMilliSeconds();
  const change = { leaseExpiresAt: now + leaseMs };
  const removed = [];
  const isAhead = phase && phases.indexOf(phase) > phases.indexOf(lease.phase ?? 'requested');
  if (lease.state === 'waking' && isAhead) {
    change.phase = phase;
    change.phaseAt = util.time.epochMilliSecondsToISO8601(now);
    if (phase === 'ready') {
      const took = now - util.time.parseISO8601ToEpochMilliSeconds(lease.wakeStartedAt);
      change.state = 'awake';
      change.wakeMs = [...(lease.wakeMs ?? []), took].slice(-keptWakes);
    }
  }
  if (Object.hasOwn(ctx.args, 'sleepsAt')) {
    if (sleepsAt) {
      change.sleepsAt = sleepsAt;
    } else {
      removed.push('sleepsAt');
    }
  }
  if (Object.hasOwn(ctx.args, 'error')) {
    if (error) {
      change.error = error;
    } else {
      removed.push('error');
    }
  }
  const names = { '#revision': 'revision' };
  const values = { ':one': 1 };
  const sets = ['#revision = #revision + :one'];
  for (const name of Object.keys(change)) {
    sets.push(`#${name} = :${name}`);
    names[`#${name}`] = name;
    values[`:${name}`] = change[name];
  }
  for (const name of removed) {
    names[`#${name}`] = name;
  }
  const removes = removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : '';
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner }),
    update: {
      expression: `SET ${sets.join(', ')}${removes}`,
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: {
      // A task may be quicker than the record of its id.
      expression:
        '#ifEpoch = :ifEpoch AND (#ifTaskId = :ifTaskId OR attribute_not_exists(#ifTaskId) AND #ifState = :ifWaking)',
      expressionNames: { '#ifEpoch': 'epoch', '#ifTaskId': 'taskId', '#ifState': 'state' },
      expressionValues: util.dynamodb.toMapValues({
        ':ifEpoch': ctx.stash.epoch,
        ':ifTaskId': ctx.stash.taskId,
        ':ifWaking': 'waking',
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return {
    owner: ctx.stash.owner,
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
