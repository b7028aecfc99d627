import { AppError } from '../error.ts';
import { snapshotsOf } from '../lease.ts';
import { idTime } from '../message-id.ts';
import type { Clock, LeaseStore, Log, OwnerHash, SnapshotFiles } from '../ports.ts';
import { heldLease, type TaskIdentity } from './open-session.ts';

/**
 * Deletes the snapshots that newer ones have replaced, once a wake. Age alone says nothing: an owner who comes back
 * after months needs the last one. What the lease names stays; so does what the present task, or somebody who imports a
 * file, may be about to name, and what is not called like a snapshot. A failure is logged and met again by the next wake.
 */
export async function forgetSnapshots(
  ports: { leases: LeaseStore; files: SnapshotFiles; log: Log; ownerHash: OwnerHash; now: Clock },
  task: TaskIdentity,
): Promise<void> {
  try {
    const lease = await heldLease(ports, task);
    if (!lease.snapshot) return;
    const named = new Set(snapshotsOf(lease).map(({ key }) => key));
    const { epoch } = lease;
    const seq = lease.snapshot.epoch === epoch ? lease.snapshot.seq : 0;
    const replaced = (await ports.files.list(task.owner)).filter(
      (key) => !named.has(key) && (isBefore(key, { epoch, seq }) || isOldImport(key, ports.now())),
    );
    if (replaced.length > 0) await ports.files.remove(replaced);
  } catch (error) {
    // A successor before its turn, or a task that has lost the lease.
    if (error instanceof AppError && error.code === 'unauthorized') return;
    const message = error instanceof Error ? error.message : String(error);
    ports.log({ level: 'error', what: 'forget-failed', owner: ports.ownerHash(task.owner), error: message });
  }
}

/** An import is named within a quarter of an hour after it began, or never; milliseconds. */
const importMs = 24 * 60 * 60_000;

/** Is it a file that somebody brought long ago? */
function isOldImport(key: string, now: number): boolean {
  const [, id] = /\/snapshots\/import-([0-9a-f-]{36})$/.exec(key) ?? [];
  return id !== undefined && now - idTime(id) > importMs;
}

/** Was the snapshot of this key saved before that place? */
function isBefore(key: string, place: { epoch: number; seq: number }): boolean {
  const [, epoch, seq] = (/\/snapshots\/(\d+)-(\d+)\.tar\.zst$/.exec(key) ?? []).map(Number);
  if (epoch === undefined || seq === undefined) return false;
  return epoch === place.epoch ? seq < place.seq : epoch < place.epoch;
}
