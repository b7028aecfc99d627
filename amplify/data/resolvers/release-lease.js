import { util } from '@aws-appsync/utils';

/** Snapshots that the row still names beside the present one. */
const keptBefore = 2;
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
 * Gives the lease back, in one update with the last pointer. Where a successor stands ready the lease becomes its, with
 * all that waits. Else it becomes free, unless somebody rang since the last pull or something still waits: then the
 * task goes on.
 */
export function request(ctx) {
  const { snapshot, error } = ctx.args;
  const { lease } = ctx.stash;
  const fault = snapshot ? faultOf(snapshot, ctx) : null;
  if (fault) {
    util.error(`snapshot.unreadable: ${fault}`, 'snapshot.unreadable');
  }
  const { successor } = lease;
  const isReady = successor?.taskId && !successor.isLost;
  const change = isReady ? handOver(successor) : { state: 'asleep' };
  if (successor && !isReady) {
    // No later task may have the epoch of one that was not needed.
    change.epoch = successor.epoch;
  }
  if (snapshot) {
    change.snapshot = snapshot;
    change.previousSnapshots = previousOf(lease, snapshot);
  }
  if (error) {
    change.error = error;
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

/** The pointers before this one, newest first. */
function previousOf(lease, snapshot) {
  const before = lease.previousSnapshots ?? [];
  const isNew = lease.snapshot && lease.snapshot.key !== snapshot.key;
  return (isNew ? [lease.snapshot, ...before] : before).slice(0, keptBefore);
}

/** A pointer must be the calling task's own (core/task-grant.ts snapshotPointer), or the one that stands. null when it is. */
function faultOf(snapshot, ctx) {
  if (!snapshot || typeof snapshot !== 'object') {
    return 'the pointer is no object';
  }
  const { key, size, sha256, epoch, seq, savedAt } = snapshot;
  const standing = ctx.stash.lease.snapshot;
  if (standing && standing.key === key && standing.sha256 === sha256) {
    return null;
  }
  if (epoch !== ctx.stash.epoch || typeof seq !== 'number' || seq % 1 !== 0 || seq < 1) {
    return 'epoch and seq are not of this task';
  }
  if (key !== `owners/${ctx.stash.owner}/snapshots/${epoch}-${seq}.tar.zst`) {
    return 'the key is not that of the task';
  }
  if (typeof size !== 'number' || size % 1 !== 0 || size < 1) {
    return 'the size is no number of bytes';
  }
  if (typeof sha256 !== 'string' || !util.matches('^[0-9a-f]{64}$', sha256)) {
    return 'the checksum is no SHA-256';
  }
  if (typeof savedAt !== 'string' || savedAt === '') {
    return 'savedAt is missing';
  }
  return null;
}
