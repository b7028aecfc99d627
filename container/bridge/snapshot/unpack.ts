import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type Compression, compressionOf } from '../../../amplify/core/state-file.ts';
import { databases, EntryRules, placeOf } from './entry-rules.ts';
import { fromRoot, RootSearch } from './foreign.ts';
import type { AgentData } from './pack.ts';
import { readTar, type TarEntry, TarError } from './tar.ts';

/** A snapshot may unpack to this much, bytes: a small file that grows without end must not fill the disk. */
const maxUnpacked = 16 * 1024 ** 3;

/**
 * Reads an archive that somebody brought, and gives where OpenClaw's folder lies in it: `root` of `verify` and `unpack`.
 * Throws TarError when it can't be used.
 */
export async function locate(input: Readable): Promise<string> {
  const search = new RootSearch();
  await eachEntry(input, undefined, async (entry) => search.see(entry));
  return search.found();
}

/**
 * Reads a whole snapshot without writing anything. Returns how many entries it has; throws TarError when it is unreadable.
 * `root`: of an archive that somebody brought, of which only what a snapshot holds is looked at.
 */
export async function verify(input: Readable, root?: string): Promise<number> {
  let entries = 0;
  const rules = new EntryRules();
  await eachEntry(input, root, async (entry) => {
    rules.check(entry);
    entries++;
  });
  return entries;
}

/** OpenClaw's state and the workspace belong to a user each, where there are two. */
export type SnapshotPart = 'all' | 'state' | 'workspace';

const isIn = (part: SnapshotPart, path: string) =>
  part === 'all' || (part === 'workspace') === (path.split('/')[0] === 'workspace');

/**
 * Unpacks a snapshot, or a part of it, into the agent's empty folders. Returns how many entries it wrote.
 * Throws TarError for anything that could write elsewhere.
 */
export async function unpack(
  input: Readable,
  data: AgentData,
  part: SnapshotPart = 'all',
  root?: string,
): Promise<number> {
  const written: { path: string; mode: number }[] = [];
  const rules = new EntryRules();
  await eachEntry(input, root, async (entry, content) => {
    rules.check(entry);
    if (!isIn(part, entry.path)) return;
    const path = onDisk(entry, data);
    written.push({ path, mode: entry.type === 'symlink' ? 0 : entry.mode });
    if (entry.type === 'directory') {
      mkdirSync(path, { recursive: true, mode: entry.mode | 0o700 });
      return;
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (entry.type === 'symlink') {
      symlinkSync(entry.target as string, path);
      return;
    }
    await pipeline(content, createWriteStream(path, { flags: 'wx', mode: entry.mode | 0o600 }));
    utimesSync(path, entry.mtime, entry.mtime);
  });
  if (part === 'workspace') openToGroup(written);
  return written.length;
}

/**
 * A workspace in which nothing is open to the group was packed where OpenClaw and its tools were one user (by an OpenClaw
 * of one's own, say): here the group gets what the owner has. Else what is closed was closed by a command, and stays so.
 */
function openToGroup(written: readonly { path: string; mode: number }[]): void {
  if (written.some(({ mode }) => mode & 0o020)) return;
  for (const { path, mode } of written) if (mode) chmodSync(path, mode | ((mode & 0o700) >> 3));
}

/** The workspace stands beside OpenClaw's own folder, everything else in it. */
function onDisk(entry: TarEntry, data: AgentData): string {
  const [top, ...rest] = (placeOf(entry) ?? entry.path).split('/');
  return top === 'workspace' ? join(data.workspace, ...rest) : join(data.state, top as string, ...rest);
}

/**
 * Throws TarError when a database that was unpacked is not whole. SQLite itself would tell only when it comes upon the
 * damage, in the middle of a conversation.
 */
export function checkDatabases(data: Pick<AgentData, 'state'>): void {
  for (const path of databases) {
    const file = join(data.state, path);
    if (!existsSync(file)) continue;
    try {
      const database = new DatabaseSync(file);
      try {
        const found = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
        if (found.quick_check !== 'ok') throw new TarError(`${path}: ${found.quick_check}`);
      } finally {
        database.close();
      }
    } catch (error) {
      if (error instanceof TarError) throw error;
      throw new TarError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Empties the agent's folders again, for another snapshot. */
export function clear(data: AgentData, part: SnapshotPart = 'all'): void {
  const folders = { all: [data.state, data.workspace], state: [data.state], workspace: [data.workspace] };
  for (const folder of folders[part]) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** How a stream is compressed, and the stream with nothing missing. */
async function peek(input: Readable): Promise<[Compression | null, AsyncIterable<Uint8Array>]> {
  const chunks = input[Symbol.asyncIterator]();
  let begin = Buffer.alloc(0);
  while (begin.length < 4) {
    const { done, value } = await chunks.next();
    if (done) break;
    begin = Buffer.concat([begin, value]);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield begin;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return [compressionOf(begin), whole()];
}

async function eachEntry(
  input: Readable,
  root: string | undefined,
  visit: Parameters<typeof readTar>[1],
): Promise<void> {
  let size = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > maxUnpacked ? new TarError('it unpacks to too much') : null, chunk);
    },
  });
  try {
    const [compression, whole] = await peek(input);
    const decompress = compression === 'gzip' ? createGunzip() : createZstdDecompress();
    await pipeline(whole, decompress, limited, (source: AsyncIterable<Uint8Array>) =>
      readTar(source, async (entry, content) => {
        const own = root === undefined ? entry : fromRoot(root, entry);
        if (own) await visit(own, content);
      }),
    );
  } catch (error) {
    if (error instanceof TarError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (/^(Z|ERR_.*(ZSTD|ZLIB|BROTLI)|ZSTD)/i.test(code))
      throw new TarError(`it is not compressed properly (${code})`);
    throw error;
  }
}
