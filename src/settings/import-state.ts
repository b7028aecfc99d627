import { Sha256 } from '@aws-crypto/sha256-js';
import { AppError } from '../../amplify/core/error.ts';
import type { OwnSnapshot } from '../../amplify/core/snapshot.ts';
import { compressionOf, maxSnapshotSize } from '../../amplify/core/state-file.ts';
import type { Api } from '../api/api.ts';
import { type Put, putFile } from '../attachments/upload.ts';

/** How far an import is; `share`: 0 to 1. */
export interface ImportProgress {
  step: 'reading' | 'uploading';
  share: number;
}

/**
 * Makes a file the state that the sleeping agent begins with. Gives the list of saved states as it then stands.
 * Throws what the backend refuses, `Unreachable`, and, before anything is asked, snapshot.file_invalid and
 * snapshot.file_too_large. `signal` ends it until the file is there; then it is as good as done.
 */
export async function importState(
  api: Pick<Api, 'importSnapshot' | 'finishImport'>,
  file: Blob,
  tell: (progress: ImportProgress) => void,
  signal: AbortSignal,
  put: Put = putFile,
): Promise<readonly OwnSnapshot[]> {
  if (file.size > maxSnapshotSize) throw new AppError('snapshot.file_too_large');
  const begin = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (!compressionOf(begin)) throw new AppError('snapshot.file_invalid');
  const sha256 = await checksum(file, (share) => tell({ step: 'reading', share }), signal);
  const { id, upload } = await api.importSnapshot({ size: file.size, sha256 });
  signal.throwIfAborted();
  await put(upload, file, (share) => tell({ step: 'uploading', share }), signal);
  signal.throwIfAborted();
  return api.finishImport(id);
}

/** Little enough for a phone's memory, bytes. */
const portion = 4 * 1024 * 1024;

/** SHA-256 (hex), a portion after the other: the browser's own wants the whole file in memory. */
async function checksum(file: Blob, tell: (share: number) => void, signal: AbortSignal): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += portion) {
    hash.update(await file.slice(at, at + portion).arrayBuffer());
    signal.throwIfAborted();
    tell(Math.min(1, (at + portion) / file.size));
  }
  return Array.from(await hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
