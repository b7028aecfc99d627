import { util } from '@aws-appsync/utils';

/** Snapshots that the row still names beside the present one (core/lease.ts `maxSnapshots`). */
const keptBefore = 4;

/** After read-lease.js: checks the pointer that the task gives, and leaves in the stash those that stand before it. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const { snapshot } = ctx.args;
  if (!snapshot) {
    return null;
  }
  const fault = faultOf(snapshot, ctx);
  if (fault) {
    util.error(`snapshot.unreadable: ${fault}`, 'snapshot.unreadable');
  }
  ctx.stash.previousSnapshots = previousOf(ctx.stash.lease, snapshot);
  return null;
}

/**
 * The pointers before this one, newest first: of each task the last one only, or what a busy task saves every minute
 * would soon be all that there is to go back to.
 */
function previousOf(lease, snapshot) {
  const before = lease.previousSnapshots ?? [];
  const isNew = lease.snapshot && lease.snapshot.key !== snapshot.key;
  const all = isNew ? [lease.snapshot, ...before] : before;
  const epochs = all.map(({ epoch }) => epoch);
  return all.filter(({ epoch }, at) => epochs.indexOf(epoch) === at).slice(0, keptBefore);
}

/** A pointer must be the calling task's own (core/task-grant.ts snapshotPointer), or the one that stands. null when it is. */
function faultOf(snapshot, ctx) {
  if (typeof snapshot !== 'object') {
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
