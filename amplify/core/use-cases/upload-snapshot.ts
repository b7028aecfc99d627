import { AppError } from '../error.ts';
import type { LeaseStore, SnapshotUrls } from '../ports.ts';
import { maxSnapshotSize } from '../state-file.ts';
import type { SnapshotUpload } from '../task-grant.ts';
import { heldLease, type TaskIdentity } from './open-session.ts';

/** Where an owner's snapshot lies. One key an epoch and sequence: a zombie cannot overwrite its successor's. */
export const snapshotKey = (owner: string, epoch: number, seq: number): string =>
  `owners/${owner}/snapshots/${epoch}-${seq}.tar.zst`;

/** Where the holder may put a snapshot of this size (bytes) and SHA-256 (hex). Throws snapshot.too_large, unauthorized. */
export async function uploadSnapshot(
  ports: { leases: LeaseStore; urls: SnapshotUrls },
  task: TaskIdentity,
  file: { size: number; sha256: string; seq: number },
): Promise<SnapshotUpload> {
  if (file.size > maxSnapshotSize) {
    throw new AppError('snapshot.too_large', { detail: `${file.size} of at most ${maxSnapshotSize} bytes` });
  }
  await heldLease(ports, task);
  const key = snapshotKey(task.owner, task.epoch, file.seq);
  return { key, upload: await ports.urls.upload({ key, size: file.size, sha256: file.sha256 }) };
}
