import { createReadStream, existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { agentDatabase } from '../openclaw/reconcile.ts';
import { databases } from './entry-rules.ts';
import { fingerprint, type Surveyed, survey, surveyFile } from './survey.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

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
 * Nothing is written when the state is the one that `knownFingerprint` names.
 */
export async function pack(
  data: AgentData,
  output: Writable,
  knownFingerprint?: string,
): Promise<PackedReport> {
  const workspace = survey(data.workspace, 'workspace', true);
  const media = survey(join(data.state, 'media'), 'media', false);
  const files = [...media.entries, ...workspace.entries];
  const now = fingerprint([...files, ...databaseFiles(data.state)]);
  const skipped = [...media.skipped, ...workspace.skipped];
  if (now === knownFingerprint) return { unchanged: true, fingerprint: now, entries: 0, skipped };

  const staging = mkdtempSync(join(data.temporary, 'snapshot-'));
  try {
    const copies = databases.flatMap((path, at) => {
      const source = join(staging, String(at));
      return copyDatabase(join(data.state, path), source) ? [surveyFile(source, path)] : [];
    });
    const entries = [...copies, ...files];
    await pipeline(
      Readable.from(archive(entries)),
      createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
      output,
    );
    return { unchanged: false, fingerprint: now, entries: entries.length, skipped };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
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

async function* archive(entries: readonly Surveyed[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield tarHeader(entry);
    if (entry.size > 0) {
      yield* content(entry);
      yield tarPadding(entry.size);
    }
  }
  yield tarEnd();
}

/** Exactly as many bytes as the header says, also when the file changes or goes while it is read. */
async function* content(entry: Surveyed): AsyncGenerator<Buffer> {
  let left = entry.size;
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
