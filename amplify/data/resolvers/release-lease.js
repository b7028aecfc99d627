import { util } from '@aws-appsync/utils';

/** Snapshots that the row still names beside the present one. */
const keptBefore = 2;
const holding = [
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
 * Gives the lease back, in one update with the last pointer, unless somebody rang since the last pull or
 * something still waits: then the task goes on.
 */
export function request(ctx) {
  const { snapshot, error, wakeSeq } = ctx.args;
  const { lease } = ctx.stash;
  const fault = snapshot ? faultOf(snapshot, ctx) : null;
  if (fault) {
    util.error(`snapshot.unreadable: ${fault}`, 'snapshot.unreadable');
  }
  const sets = ['#state = :asleep', '#revision = #revision + :one'];
  const names = { '#state': 'state', '#revision': 'revision' };
  const values = { ':asleep': 'asleep', ':one': 1 };
  if (snapshot) {
    sets.push('#snapshot = :snapshot', '#previousSnapshots = :previous');
    names['#snapshot'] = 'snapshot';
    names['#previousSnapshots'] = 'previousSnapshots';
    values[':snapshot'] = snapshot;
    values[':previous'] = previousOf(lease, snapshot);
  }
  if (error) {
    sets.push('#error = :error');
    values[':error'] = error;
  }
  const removed = error ? holding : [...holding, 'error'];
  for (const name of [...holding, 'error']) {
    names[`#${name}`] = name;
  }
  const held = {
    '#ifEpoch': 'epoch',
    '#ifTaskId': 'taskId',
    '#ifWakeSeq': 'wakeSeq',
    '#ifPending': 'pending',
  };
  const known = { ':ifEpoch': ctx.stash.epoch, ':ifTaskId': ctx.stash.taskId, ':ifWakeSeq': wakeSeq };
  const isQuiet =
    '#ifEpoch = :ifEpoch AND #ifTaskId = :ifTaskId AND #ifWakeSeq = :ifWakeSeq AND attribute_not_exists(#ifPending)';
  const isNotOlder =
    '(attribute_not_exists(#ifPointer) OR #ifPointer.#ifEpoch < :ifEpoch OR #ifPointer.#ifEpoch = :ifEpoch AND #ifPointer.#ifSeq <= :ifSeq)';
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner }),
    update: {
      expression: `SET ${sets.join(', ')} REMOVE ${removed.map((name) => `#${name}`).join(', ')}`,
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: {
      expression: snapshot ? `${isQuiet} AND ${isNotOlder}` : isQuiet,
      expressionNames: snapshot ? { ...held, '#ifPointer': 'snapshot', '#ifSeq': 'seq' } : held,
      expressionValues: util.dynamodb.toMapValues(snapshot ? { ...known, ':ifSeq': snapshot.seq } : known),
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
