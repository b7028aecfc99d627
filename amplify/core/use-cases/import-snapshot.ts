import { AppError } from '../error.ts';
import { highestEpoch, isFree, type Lease, maxSnapshots, snapshotsOf } from '../lease.ts';
import { newId } from '../message-id.ts';
import type { Clock, LeaseStore, SnapshotImports } from '../ports.ts';
import { type OwnSnapshot, ownSnapshots, type SnapshotImport } from '../snapshot.ts';
import { isTarHeader, maxSnapshotSize } from '../state-file.ts';

interface ImportPorts {
  leases: LeaseStore;
  imports: SnapshotImports;
  now: Clock;
}

/** So often somebody else may be faster. */
const maxTries = 5;

const checkSize = (size: number): void => {
  if (size > maxSnapshotSize) {
    throw new AppError('snapshot.file_too_large', { detail: `${size} of at most ${maxSnapshotSize} bytes` });
  }
};
/** A task that lives would save its own state over the other one. */
const checkAsleep = (lease: Lease | null): void => {
  if (lease && !isFree(lease)) throw new AppError('snapshot.agent_awake');
};

/**
 * Where an owner may put a file that is to become a saved state; `finishImport` is called when it is there.
 * Throws snapshot.file_invalid, snapshot.file_too_large, snapshot.agent_awake.
 */
export async function importSnapshot(
  ports: ImportPorts,
  owner: string,
  { size, sha256 }: { size: number; sha256: string },
): Promise<SnapshotImport> {
  if (!Number.isInteger(size) || size < 1) throw new AppError('snapshot.file_invalid', { detail: 'empty' });
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('snapshot.file_invalid', { detail: 'no SHA-256' });
  checkSize(size);
  checkAsleep(await ports.leases.get(owner));
  const id = newId(ports.now());
  return { id, upload: await ports.imports.upload(owner, { id, size, sha256 }) };
}

/**
 * Lets the sleeping agent begin with a file that was put where `importSnapshot` said; the states before it stay.
 * Doing it again is harmless. That the file is what it seems to be is checked as far as its beginning tells; a task
 * checks the rest, and goes back to the state before when it can't be used.
 * Throws snapshot.file_missing, snapshot.file_invalid, snapshot.file_too_large, snapshot.agent_awake.
 */
export async function finishImport(
  ports: ImportPorts,
  owner: string,
  id: string,
): Promise<readonly OwnSnapshot[]> {
  const found = /^[0-9a-f-]{36}$/.test(id) ? await ports.imports.find(owner, id) : null;
  if (!found) throw new AppError('snapshot.file_missing');
  const { key, size, sha256, compression } = found;
  checkSize(size);
  if (!compression || !isTarHeader(found.begin)) {
    throw new AppError('snapshot.file_invalid', { detail: 'no archive' });
  }
  for (let tries = 0; tries < maxTries; tries += 1) {
    const lease = await ports.leases.open(owner);
    const known = snapshotsOf(lease);
    if (known.some((pointer) => pointer.key === key)) return ownSnapshots(lease);
    checkAsleep(lease);
    // Before anything names it: what is named must not be deleted.
    await ports.imports.keep(owner, id);
    const epoch = highestEpoch(lease) + 1;
    const savedAt = new Date(ports.now()).toISOString();
    const imported = { key, size, sha256, epoch, seq: 1, savedAt, importedAs: compression };
    const after = await ports.leases.point(lease, [imported, ...known].slice(0, maxSnapshots), epoch);
    if (after) return ownSnapshots(after);
  }
  throw new AppError('internal', { retryable: true, detail: 'the lease kept changing (import)' });
}
