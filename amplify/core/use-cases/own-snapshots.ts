import { AppError } from '../error.ts';
import { isFree, maxSnapshots, snapshotsOf } from '../lease.ts';
import type { LeaseStore, SnapshotUrls } from '../ports.ts';
import { type OwnSnapshot, ownSnapshots, type SnapshotExport, snapshotId } from '../snapshot.ts';
import type { SnapshotPointer } from '../task-grant.ts';

/** So often somebody else may be faster. */
const maxTries = 5;

export const listSnapshots = async (
  ports: { leases: LeaseStore },
  owner: string,
): Promise<readonly OwnSnapshot[]> => ownSnapshots(await ports.leases.get(owner));

/**
 * Lets the agent begin with another of its saved states when it wakes next; the others stay, so that it can be taken
 * back. Not while a task lives: that would save its own state over it. Throws snapshot.not_found, snapshot.agent_awake.
 */
export async function restoreSnapshot(
  ports: { leases: LeaseStore },
  owner: string,
  id: string,
): Promise<readonly OwnSnapshot[]> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const lease = await ports.leases.get(owner);
    const known = lease ? snapshotsOf(lease) : [];
    const chosen = find(known, id);
    if (!lease || !isFree(lease)) throw new AppError('snapshot.agent_awake');
    if (chosen === lease.snapshot) return ownSnapshots(lease);
    const others = known.filter((pointer) => pointer !== chosen);
    const after = await ports.leases.point(lease, [chosen, ...others].slice(0, maxSnapshots));
    if (after) return ownSnapshots(after);
  }
  throw new AppError('internal', { retryable: true, detail: 'the lease kept changing (restore)' });
}

/** A saved state as a file that its owner may keep: it is laid out as OpenClaw's own folder. Throws snapshot.not_found. */
export async function exportSnapshot(
  ports: { leases: LeaseStore; urls: SnapshotUrls },
  owner: string,
  id: string,
): Promise<SnapshotExport> {
  const lease = await ports.leases.get(owner);
  const pointer = find(lease ? snapshotsOf(lease) : [], id);
  const ending = pointer.importedAs === 'gzip' ? 'tar.gz' : 'tar.zst';
  const name = `openclaw-${pointer.savedAt.slice(0, 16).replace(/[T:]/g, '-')}.${ending}`;
  return { name, download: await ports.urls.download(pointer.key, name) };
}

function find(known: readonly SnapshotPointer[], id: string): SnapshotPointer {
  const found = known.find((pointer) => snapshotId(pointer) === id);
  if (!found) throw new AppError('snapshot.not_found');
  return found;
}
