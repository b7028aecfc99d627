import { util } from '@aws-appsync/utils';

/** Snapshots that the row still names beside the present one. */
const keptBefore = 2;

/** Moves the pointer to a newer snapshot while the task goes on. */
export function request(ctx) {
  const { snapshot } = ctx.args;
  const fault = faultOf(snapshot, ctx);
  if (fault) {
    util.error(`snapshot.unreadable: ${fault}`, 'snapshot.unreadable');
  }
  const { lease } = ctx.stash;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner }),
    update: {
      expression: 'SET #snapshot = :snapshot, #previous = :previous',
      expressionNames: { '#snapshot': 'snapshot', '#previous': 'previousSnapshots' },
      expressionValues: util.dynamodb.toMapValues({
        ':snapshot': snapshot,
        ':previous': previousOf(lease, snapshot),
      }),
    },
    condition: {
      expression:
        '#ifEpoch = :ifEpoch AND #ifTaskId = :ifTaskId AND (attribute_not_exists(#ifPointer) OR #ifPointer.#ifEpoch < :ifEpoch OR #ifPointer.#ifEpoch = :ifEpoch AND #ifPointer.#ifSeq <= :ifSeq)',
      expressionNames: {
        '#ifEpoch': 'epoch',
        '#ifTaskId': 'taskId',
        '#ifPointer': 'snapshot',
        '#ifSeq': 'seq',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':ifEpoch': ctx.stash.epoch,
        ':ifTaskId': ctx.stash.taskId,
        ':ifSeq': snapshot.seq,
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return true;
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
