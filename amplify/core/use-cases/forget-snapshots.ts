import type { LeaseStore, Log, OwnerHash, SnapshotFiles } from '../ports.ts';
import { heldLease, type TaskIdentity } from './open-session.ts';

/** Snapshots that are kept beside the one that the lease points at. */
const keptBefore = 2;

interface Place {
  key: string;
  epoch: number;
  seq: number;
}

/**
 * Deletes the snapshots that newer ones have replaced, once a wake. Age alone says nothing: an owner who comes back
 * after months needs the last one. What lies behind the pointer but for two, goes; what is newer than it stays
 * (it may be on its way), and so does what is not named as a snapshot. A failure is logged and met again by the next wake.
 */
export async function forgetSnapshots(
  ports: { leases: LeaseStore; files: SnapshotFiles; log: Log; ownerHash: OwnerHash },
  task: TaskIdentity,
): Promise<void> {
  try {
    const { snapshot } = await heldLease(ports, task);
    if (!snapshot) return;
    const before = (await ports.files.list(task.owner))
      .flatMap(placeOf)
      .filter((place) => isBefore(place, snapshot))
      .sort((left, right) => (isBefore(left, right) ? 1 : -1));
    const replaced = before.slice(keptBefore).map(({ key }) => key);
    if (replaced.length > 0) await ports.files.remove(replaced);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    ports.log({ level: 'error', what: 'forget-failed', owner: ports.ownerHash(task.owner), error: message });
  }
}

function placeOf(key: string): Place[] {
  const [, epoch, seq] = /\/snapshots\/(\d+)-(\d+)\.tar\.zst$/.exec(key) ?? [];
  return epoch && seq ? [{ key, epoch: Number(epoch), seq: Number(seq) }] : [];
}

const isBefore = (left: Omit<Place, 'key'>, right: Omit<Place, 'key'>): boolean =>
  left.epoch === right.epoch ? left.seq < right.seq : left.epoch < right.epoch;
