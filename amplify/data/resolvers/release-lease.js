import { util } from '@aws-appsync/utils';

const leaseMs = 120000;
const holding = [
  'successor',
  'taskId',
  'attempt',
  'capacity',
  'leaseExpiresAt',
  'leaseShard',
  'phase',
  'phaseAt',
  'wakeStartedAt',
  'sleepsAt',
  'sleepRequested',
  'keepAwakeUntil',
];

/**
 * After check-snapshot.js: gives the lease back, in one update with the last pointer. Where a successor stands ready
 * the lease becomes its, with all that waits. Else it becomes free, unless somebody rang since the last pull or
 * something still waits: then the task goes on.
 */
export function request(ctx) {
  const { snapshot, error, sleepsAt } = ctx.args;
  const { successor } = ctx.stash.lease;
  const isReady = successor?.taskId && !successor.isLost;
  const change = isReady ? handOver(successor) : { state: 'asleep' };
  if (successor && !isReady) {
    // No later task may have the epoch of one that was not needed.
    change.epoch = successor.epoch;
  }
  if (snapshot) {
    change.snapshot = snapshot;
    change.previousSnapshots = ctx.stash.previousSnapshots;
  }
  if (error) {
    change.error = error;
  }
  if (isReady && sleepsAt) {
    // The quiet time goes on: open-session.ts gives the successor what is left of it.
    change.sleepsAt = sleepsAt;
  }
  const names = { '#revision': 'revision' };
  const values = { ':one': 1 };
  const sets = ['#revision = #revision + :one'];
  for (const name of Object.keys(change)) {
    sets.push(`#${name} = :${name}`);
    names[`#${name}`] = name;
    values[`:${name}`] = change[name];
  }
  const removed = [...holding, 'error'].filter((name) => !Object.hasOwn(change, name));
  const kept = isReady ? ['leaseShard', 'keepAwakeUntil'] : [];
  const gone = removed.filter((name) => !kept.includes(name));
  for (const name of gone) {
    names[`#${name}`] = name;
  }
  const condition = conditionOf(ctx, isReady);
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner }),
    update: {
      expression: `SET ${sets.join(', ')} REMOVE ${gone.map((name) => `#${name}`).join(', ')}`,
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: {
      expression: condition.parts.join(' AND '),
      expressionNames: condition.names,
      expressionValues: util.dynamodb.toMapValues(condition.values),
    },
  };
}

/** core/lease-event.ts `succeeded`. */
function handOver(successor) {
  const now = util.time.nowEpochMilliSeconds();
  return {
    state: 'waking',
    epoch: successor.epoch,
    taskId: successor.taskId,
    attempt: successor.attempt,
    capacity: successor.capacity,
    leaseExpiresAt: now + leaseMs,
    phase: 'requested',
    phaseAt: util.time.epochMilliSecondsToISO8601(now),
    wakeStartedAt: successor.requestedAt,
  };
}

/** The row is the task's, its successor is as it was read, and (where nobody follows) all is quiet. */
function conditionOf(ctx, isReady) {
  const { snapshot, wakeSeq } = ctx.args;
  const { successor } = ctx.stash.lease;
  const names = { '#ifEpoch': 'epoch', '#ifTaskId': 'taskId', '#ifSuccessor': 'successor' };
  const values = { ':ifEpoch': ctx.stash.epoch, ':ifTaskId': ctx.stash.taskId };
  const parts = ['#ifEpoch = :ifEpoch', '#ifTaskId = :ifTaskId'];
  if (isReady) {
    parts.push('#ifSuccessor.#ifTaskId = :ifNext', 'attribute_not_exists(#ifSuccessor.#ifLost)');
    names['#ifLost'] = 'isLost';
    values[':ifNext'] = successor.taskId;
  } else {
    parts.push('#ifWakeSeq = :ifWakeSeq', 'attribute_not_exists(#ifPending)');
    names['#ifWakeSeq'] = 'wakeSeq';
    names['#ifPending'] = 'pending';
    values[':ifWakeSeq'] = wakeSeq;
    if (successor) {
      parts.push('(attribute_not_exists(#ifSuccessor.#ifTaskId) OR attribute_exists(#ifSuccessor.#ifLost))');
      names['#ifLost'] = 'isLost';
    } else {
      parts.push('attribute_not_exists(#ifSuccessor)');
    }
  }
  if (snapshot) {
    parts.push(
      '(attribute_not_exists(#ifPointer) OR #ifPointer.#ifEpoch < :ifEpoch OR #ifPointer.#ifEpoch = :ifEpoch AND #ifPointer.#ifSeq <= :ifSeq)',
    );
    names['#ifPointer'] = 'snapshot';
    names['#ifSeq'] = 'seq';
    values[':ifSeq'] = snapshot.seq;
  }
  return { names, values, parts };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
