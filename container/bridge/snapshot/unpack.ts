import { createWriteStream, mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { EntryRules } from './entry-rules.ts';
import { type AgentData, databaseNames } from './pack.ts';
import { readTar, TarError } from './tar.ts';

/** A snapshot may unpack to this much, bytes: a small file that grows without end must not fill the disk. */
const maxUnpacked = 16 * 1024 ** 3;

/** Reads a whole snapshot without writing anything. Returns how many entries it has; throws TarError when it is unreadable. */
export async function verify(input: Readable): Promise<number> {
  let entries = 0;
  const rules = new EntryRules();
  await eachEntry(input, async (entry) => {
    rules.check(entry);
    entries++;
  });
  return entries;
}

/** Unpacks a snapshot into the agent's empty folders. Throws TarError for anything that could write elsewhere. */
export async function unpack(input: Readable, data: AgentData): Promise<number> {
  let entries = 0;
  const rules = new EntryRules();
  await eachEntry(input, async (entry, content) => {
    rules.check(entry);
    entries++;
    const [top, ...rest] = entry.path.replace(/\/$/, '').split('/');
    const path = place(top as string, rest.join('/'), data);
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
  return entries;
}

function place(top: string, rest: string, data: AgentData): string {
  if (top === 'workspace') return join(data.workspace, rest);
  if (top === 'media') return join(data.state, 'media', rest);
  const known = databaseNames[rest as keyof typeof databaseNames];
  if (!known) throw new TarError(`an unknown database ${JSON.stringify(rest.slice(0, 100))}`);
  return join(data.state, known);
}

async function eachEntry(input: Readable, visit: Parameters<typeof readTar>[1]): Promise<void> {
  let size = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > maxUnpacked ? new TarError('it unpacks to too much') : null, chunk);
    },
  });
  try {
    await pipeline(input, createZstdDecompress(), limited, (source: AsyncIterable<Uint8Array>) =>
      readTar(source, visit),
    );
  } catch (error) {
    if (error instanceof TarError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (/^(Z|ERR_.*(ZSTD|ZLIB|BROTLI)|ZSTD)/i.test(code))
      throw new TarError(`it is not compressed properly (${code})`);
    throw error;
  }
}
