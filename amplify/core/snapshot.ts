import * as z from 'zod';
import { type Lease, snapshotsOf } from './lease.ts';
import { presigned } from './presigned.ts';
import type { SnapshotPointer } from './task-grant.ts';

/** A saved state of the owner's agent, as its owner sees it. */
export const ownSnapshot = z.object({
  /** Names it among the owner's. */
  id: z.string(),
  savedAt: z.iso.datetime(),
  /** Bytes, compressed. */
  size: z.number().int().positive(),
  /** The agent begins with it when it wakes. */
  isNext: z.boolean(),
  /** It was brought as a file. */
  isImported: z.boolean().default(false),
});
export type OwnSnapshot = z.infer<typeof ownSnapshot>;

/** Where to get one as a file, under which name to keep it. */
export const snapshotExport = z.object({ name: z.string(), download: presigned });
export type SnapshotExport = z.infer<typeof snapshotExport>;

/** Where a file may be put to become a saved state; the signature binds its key, length and checksum. */
export const snapshotImport = z.object({ id: z.uuid(), upload: presigned });
export type SnapshotImport = z.infer<typeof snapshotImport>;

/** Where such a file lies: beside the tasks' own snapshots, which are called by epoch and number. */
export const importKey = (owner: string, id: string): string => `owners/${owner}/snapshots/import-${id}`;

export const snapshotId = ({ epoch, seq }: Pick<SnapshotPointer, 'epoch' | 'seq'>): string =>
  `${epoch}-${seq}`;

/** The snapshots of an owner's row: what the agent begins with, then those before it. */
export const ownSnapshots = (lease: Lease | null): OwnSnapshot[] =>
  lease
    ? snapshotsOf(lease).map((pointer, index) => ({
        id: snapshotId(pointer),
        savedAt: pointer.savedAt,
        size: pointer.size,
        isNext: index === 0 && lease.snapshot !== undefined,
        isImported: pointer.importedAs !== undefined,
      }))
    : [];
