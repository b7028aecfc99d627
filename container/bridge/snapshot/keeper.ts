import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Restorable, SnapshotPointer } from '../../../amplify/core/task-grant.ts';
import type { AgentReport, Backend } from '../appsync/backend.ts';
import { describeError, type Log } from '../log.ts';
import type { AgentFolders } from '../openclaw/workspace.ts';
import { TarError } from './tar.ts';
import { download, measure, upload } from './transfer.ts';
import type { Worker } from './worker.ts';

export interface SnapshotKeeper {
  /**
   * Brings back what an earlier task saved: the first of the snapshots that can be used, but none of `refused`. Throws
   * when storage could not be reached: starting with an older one, or with none, would then take a good one's place.
   */
  restore(snapshots: readonly Restorable[], refused?: readonly SnapshotPointer[]): Promise<Restored>;
  /** Saves the present state when it has changed, reads it back, and gives where it lies; undefined when nothing changed. */
  save(): Promise<SnapshotPointer | undefined>;
}

/** `pointer`: what was brought back. `unreadable`: those before it that could not be used. */
export interface Restored {
  readonly pointer: SnapshotPointer | undefined;
  readonly unreadable: readonly SnapshotPointer[];
}

/** What people read about snapshots that could not be used; undefined when the first one could. */
export function restoreFault({ pointer, unreadable: [newest] }: Restored): AgentReport['error'] {
  if (!newest) return undefined;
  if (newest.importedAs) return { code: 'snapshot.import_unusable', detail: newest.savedAt };
  if (!pointer) return { code: 'snapshot.unreadable', detail: newest.savedAt };
  return { code: 'snapshot.fell_back', detail: `${newest.savedAt}, back to ${pointer.savedAt}` };
}

const downloadTries = 3;

/** Saves and restores one task's snapshots. Calls of `save` never overlap. */
export function snapshotKeeper(input: {
  epoch: number;
  folders: AgentFolders;
  worker: Worker;
  backend: Pick<Backend, 'uploadSnapshot'>;
  log: Log;
}): SnapshotKeeper {
  const { epoch, folders, worker, backend, log } = input;
  let known: string | undefined;
  let seq = 0;
  let saving: Promise<unknown> = Promise.resolve();

  const save = async (): Promise<SnapshotPointer | undefined> => {
    const file = join(folders.bridge, 'snapshot.tar.zst');
    try {
      const packed = await worker.run('pack', folders, {
        output: createWriteStream(file, { mode: 0o600 }),
        ...(known ? { knownFingerprint: known } : {}),
      });
      if (packed.unchanged) return undefined;
      const readBack = await worker.run('verify', folders, { inputFile: file });
      if (readBack.entries !== packed.entries)
        throw new Error('The snapshot lost entries on its way to the disk');
      const measured = await measure(file);
      seq++;
      const { key, upload: target } = await backend.uploadSnapshot({ ...measured, seq });
      await upload(file, target);
      known = packed.fingerprint;
      log('info', 'snapshot.uploaded', {
        seq,
        size: measured.size,
        entries: packed.entries,
        skipped: packed.skipped,
      });
      return { key, ...measured, epoch, seq, savedAt: new Date().toISOString() };
    } finally {
      rmSync(file, { force: true });
    }
  };

  /** Fetches what this app saved, and reads it to its end while it arrives. Throws TarError when it cannot be used. */
  const fetchOwn = async (snapshot: Restorable, file: string): Promise<void> => {
    const arriving = new PassThrough();
    arriving.on('error', () => {});
    const verified = worker.run('verify', folders, { input: arriving });
    const [fetched, read] = await Promise.allSettled([
      download(snapshot, file, arriving).finally(() => arriving.end()),
      verified,
    ]);
    // One that did not arrive in whole can't be read either.
    if (fetched.status === 'rejected') throw fetched.reason;
    if (read.status === 'rejected') throw read.reason;
  };

  /** Throws TarError when the snapshot cannot be used; nothing of it is left then. */
  const bringBack = async (snapshot: Restorable): Promise<void> => {
    const file = join(folders.bridge, 'restore.tar.zst');
    const { epoch, seq, importedAs } = snapshot.pointer;
    try {
      for (let n = 1; ; n++) {
        try {
          await (importedAs ? download(snapshot, file) : fetchOwn(snapshot, file));
          break;
        } catch (error) {
          if (error instanceof TarError || n === downloadTries) throw error;
          log('warn', 'snapshot.download_failed', { try: n, error: describeError(error) });
        }
      }
      // Read to its end before anything of it is written: a broken one leaves no half of itself behind.
      const root = importedAs && (await worker.run('locate', folders, { inputFile: file })).root;
      if (importedAs) await worker.run('verify', folders, { inputFile: file, root });
      const { entries, endedTurns } = await worker.run('unpack', folders, { inputFile: file, root });
      log('info', 'snapshot.restored', { epoch, seq, entries, endedTurns, importedAs });
    } finally {
      rmSync(file, { force: true });
    }
  };

  return {
    restore: async (snapshots, refused = []) => {
      const unreadable = [...refused];
      for (const snapshot of snapshots) {
        if (refused.includes(snapshot.pointer)) continue;
        try {
          await bringBack(snapshot);
          return { pointer: snapshot.pointer, unreadable };
        } catch (error) {
          if (!(error instanceof TarError)) throw error;
          log('error', 'snapshot.unreadable', { key: snapshot.pointer.key, error: error.message });
          unreadable.push(snapshot.pointer);
        }
      }
      if (unreadable.length > 0) await worker.run('clear', folders);
      return { pointer: undefined, unreadable };
    },
    save: () => {
      const next = saving.then(save, save);
      saving = next.catch(() => {});
      return next;
    },
  };
}
