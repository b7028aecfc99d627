import { once } from 'node:events';
import { createReadStream, existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { z } from 'zod';
import { agentDatabase } from '../openclaw/reconcile.ts';
import { databases } from './entry-rules.ts';
import { fingerprint, type Surveyed, survey, surveyFile } from './survey.ts';
import { readTar, type TarEntry, TarError, tarEnd, tarHeader, tarPadding } from './tar.ts';

export interface PackedReport {
  /** Nothing was written: the state is what `knownFingerprint` names. */
  readonly unchanged: boolean;
  readonly fingerprint: string;
  readonly entries: number;
  readonly skipped: readonly string[];
}

export interface AgentData {
  readonly state: string;
  readonly workspace: string;
  readonly temporary: string;
}

/**
 * Writes a snapshot (tar, zstd) of the agent's state and workspace to `output`, while OpenClaw may be running:
 * databases go through VACUUM INTO, which copies them whole even when their newest rows are in the write-ahead log.
 * `workspace` is what `readWorkspace` gives, here or in a process of the user who owns the workspace.
 * Nothing is written when the state is the one that `knownFingerprint` names.
 */
export async function pack(
  data: AgentData,
  output: Writable,
  knownFingerprint?: string,
  workspace: AsyncIterable<Uint8Array> = readWorkspace(data.workspace),
): Promise<PackedReport> {
  const { overview, archive } = await splitWorkspace(workspace);
  const media = survey(join(data.state, 'media'), 'media', false);
  const own = [...media.entries, ...databaseFiles(data.state)];
  const now = fingerprint(own, overview.fingerprint);
  const skipped = [...media.skipped, ...overview.skipped];
  if (now === knownFingerprint) return { unchanged: true, fingerprint: now, entries: 0, skipped };

  const staging = mkdtempSync(join(data.temporary, 'snapshot-'));
  try {
    const copies = databases.flatMap((path, at) => {
      const source = join(staging, String(at));
      return copyDatabase(join(data.state, path), source) ? [surveyFile(source, path)] : [];
    });
    let entries = 0;
    const compressor = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const written = pipeline(compressor, output);
    const write = async (bytes: Buffer) => {
      if (!compressor.write(bytes)) await Promise.race([once(compressor, 'drain'), written]);
    };
    const add = async (entry: TarEntry, bytes: AsyncIterable<Buffer>) => {
      entries++;
      await write(tarHeader(entry));
      for await (const part of bytes) await write(part);
      await write(tarPadding(entry.size));
    };
    try {
      for (const entry of [...copies, ...media.entries]) await add(entry, content(entry));
      await readTar(archive, async (entry, bytes) => {
        // It comes from a process of the tools' user, and may name nothing but their files.
        if (!entry.path.startsWith('workspace/') || entry.type === 'hardlink')
          throw new TarError(`${entry.path} is not of the workspace`);
        await add(entry, bytes);
      });
    } catch (error) {
      compressor.destroy(error as Error);
      await written.catch(() => {});
      throw error;
    }
    compressor.end(tarEnd());
    await written;
    return { unchanged: false, fingerprint: now, entries, skipped };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

const workspaceOverview = z.object({ fingerprint: z.string(), skipped: z.array(z.string()).readonly() });

/** The workspace as `pack` takes it: a line that says what there is, and a tar of it. Made as the user who owns it. */
export async function* readWorkspace(folder: string): AsyncGenerator<Buffer> {
  const { entries, skipped } = survey(folder, 'workspace', true);
  const overview: z.infer<typeof workspaceOverview> = { fingerprint: fingerprint(entries), skipped };
  yield Buffer.from(`${JSON.stringify(overview)}\n`);
  for (const entry of entries) {
    yield tarHeader(entry);
    yield* content(entry);
    yield tarPadding(entry.size);
  }
  yield tarEnd();
}

async function splitWorkspace(source: AsyncIterable<Uint8Array>): Promise<{
  overview: z.infer<typeof workspaceOverview>;
  archive: AsyncIterable<Uint8Array>;
}> {
  const chunks = source[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  while (!held.includes(10)) {
    const { done, value } = await chunks.next();
    if (done) throw new TarError('the workspace could not be read');
    held = Buffer.concat([held, value]);
  }
  const end = held.indexOf(10);
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield held.subarray(end + 1);
    for (;;) {
      const { done, value } = await chunks.next();
      if (done) return;
      yield value;
    }
  }
  return {
    overview: workspaceOverview.parse(JSON.parse(held.subarray(0, end).toString())),
    archive: rest(),
  };
}

/** The agent's database and its log. The other one changes all the time (leases) and holds nothing of a conversation. */
function databaseFiles(state: string) {
  return ['', '-wal'].flatMap((suffix) => {
    const stat = lstatSync(join(state, agentDatabase + suffix), { throwIfNoEntry: false });
    return stat
      ? [
          {
            path: agentDatabase + suffix,
            type: 'file' as const,
            mode: 0,
            mtime: stat.mtimeMs,
            size: stat.size,
          },
        ]
      : [];
  });
}

function copyDatabase(from: string, to: string): boolean {
  if (!existsSync(from)) return false;
  const database = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    database.prepare('VACUUM INTO ?').run(to);
    return true;
  } finally {
    database.close();
  }
}

/** Exactly as many bytes as the header says, also when the file changes or goes while it is read. */
async function* content(entry: Surveyed): AsyncGenerator<Buffer> {
  let left = entry.size;
  if (left === 0) return;
  try {
    for await (const chunk of createReadStream(entry.source, { end: entry.size - 1 })) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch {
    // What is missing is filled below: one lost file must not cost the whole snapshot.
  }
  while (left > 0) {
    const size = Math.min(left, 65_536);
    left -= size;
    yield Buffer.alloc(size);
  }
}
