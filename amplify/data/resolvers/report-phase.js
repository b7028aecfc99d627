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
  return ctx.result;
}
