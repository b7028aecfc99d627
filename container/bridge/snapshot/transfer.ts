import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, openAsBlob, statSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Restorable, SnapshotUpload } from '../../../amplify/core/task-grant.ts';
import { TarError } from './tar.ts';

const transferTimeout = 10 * 60_000;

/** Size and SHA-256 (hex) of a file. */
export async function measure(file: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { size: statSync(file).size, sha256: hash.digest('hex') };
}

/** Headers that the HTTP client sets itself, from the address and the body. */
const ownHeaders = new Set(['host', 'content-length']);

/** Puts a file at a presigned address with exactly the headers that were signed. Throws when storage refuses it. */
export async function upload(file: string, { url, headers }: SnapshotUpload['upload']): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase())),
    ),
    body: await openAsBlob(file),
    signal: AbortSignal.timeout(transferTimeout),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Storage refused the snapshot with status ${response.status}`);
}

/**
 * Fetches a snapshot into a file and checks that it is the one that the pointer names.
 * Throws TarError when it is another one, Error when it could not be fetched. `watch` gets each piece as it arrives, before
 * anything is known about the whole; it may end before.
 */
export async function download(
  { pointer, download: source }: Restorable,
  file: string,
  watch?: Writable,
): Promise<void> {
  const response = await fetch(source.url, {
    headers: Object.fromEntries(
      Object.entries(source.headers).filter(([name]) => !ownHeaders.has(name.toLowerCase())),
    ),
    signal: AbortSignal.timeout(transferTimeout),
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    if (response.status === 404) throw new TarError('it is not there');
    throw new Error(`Storage answered ${response.status}`);
  }
  let size = 0;
  const hash = createHash('sha256');
  const looked = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      hash.update(chunk);
      if (size > pointer.size) throw new TarError('it is longer than it was saved');
      if (watch) await show(watch, chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.fromWeb(response.body as never), looked, createWriteStream(file, { mode: 0o600 }));
  if (size !== pointer.size) throw new TarError(`${size} bytes instead of ${pointer.size}`);
  if (hash.digest('hex') !== pointer.sha256) throw new TarError('its checksum is another one');
}

/** Writes to somebody who may go at any time: then nothing is written any more, and that is no fault of the download. */
async function show(watch: Writable, chunk: Buffer): Promise<void> {
  if (!watch.writable || watch.write(chunk)) return;
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(watch, 'drain', { signal }), once(watch, 'close', { signal })]);
  } catch {
    // It went with an error, which its own reader knows.
  } finally {
    over.abort();
  }
}
