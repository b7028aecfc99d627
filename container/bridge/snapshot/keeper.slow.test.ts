import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Restorable } from '../../../amplify/core/task-grant.ts';
import { openclawEntry } from '../openclaw/gateway.ts';
import { detectIsolation } from '../openclaw/isolation.ts';
import { agentDatabase } from '../openclaw/reconcile.ts';
import { type AgentFolders, prepareFolders } from '../openclaw/workspace.ts';
import { restoreFault, snapshotKeeper } from './keeper.ts';
import { pack } from './pack.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';
import { createWorker, type Worker } from './worker.ts';

/** Storage as presigned URLs reach it; a name that begins with `down` gets an error of the server. */
const files = new Map<string, Buffer>();
const storage = createServer((request, response) => {
  const name = request.url?.slice(1) ?? '';
  const file = files.get(name);
  if (request.method === 'PUT') {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => {
        files.set(name, Buffer.concat(chunks));
        response.end();
      });
  } else if (name.startsWith('down')) response.writeHead(503).end();
  else if (file) response.end(file);
  else response.writeHead(404).end();
});
const urlOf = (name: string) => `http://127.0.0.1:${(storage.address() as AddressInfo).port}/${name}`;

let root: string;
let folders: AgentFolders;
let worker: Worker;
beforeAll(() => new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve)));
afterAll(() => void storage.close());
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'keeper-'));
  chmodSync(root, 0o755);
  const { isolation } = await detectIsolation([openclawEntry()], join(root, 'home'));
  folders = await prepareFolders(join(root, 'home'), isolation);
  worker = createWorker(join(import.meta.dirname, '..', 'main.ts'), isolation);
});
afterEach(() => {
  files.clear();
  rmSync(root, { recursive: true, force: true });
});

const keeper = (own: Worker = worker) =>
  snapshotKeeper({
    epoch: 7,
    folders,
    worker: own,
    backend: {
      uploadSnapshot: async ({ seq }) => ({
        key: `saved-${seq}`,
        upload: { url: urlOf(`saved-${seq}`), headers: {} },
      }),
    },
    log: () => {},
  });

/** What an earlier task saved: a note and a conversation. */
async function saved(name: string, seq: number): Promise<Buffer> {
  const from = {
    state: join(root, name, 'state'),
    workspace: join(root, name, 'workspace'),
    temporary: join(root, name),
  };
  mkdirSync(join(from.state, 'agents/main/agent'), { recursive: true });
  mkdirSync(from.workspace, { recursive: true });
  writeFileSync(join(from.workspace, `${name}.txt`), `note ${seq}`);
  const database = new DatabaseSync(join(from.state, agentDatabase));
  database.exec(`CREATE TABLE session_nodes (session_key TEXT, entry_json TEXT, status TEXT, updated_at INTEGER);
    CREATE TABLE session_windows (status TEXT, ended_at INTEGER); CREATE TABLE session_pending_inputs (x TEXT)`);
  const insert = database.prepare('INSERT INTO session_nodes VALUES (?, ?, ?, 0)');
  for (let n = 0; n < 300; n += 1) insert.run(`agent:main:${name}-${n}`, '{}', 'done');
  database.close();
  const output = new PassThrough();
  const [bytes] = await Promise.all([buffer(output), pack(from, output).finally(() => output.end())]);
  return bytes;
}

function stored(name: string, seq: number, bytes: Buffer): Restorable {
  files.set(name, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const pointer = {
    key: name,
    size: bytes.length,
    sha256,
    epoch: 6,
    seq,
    savedAt: `2026-11-2${seq}T10:00:00.000Z`,
  };
  return { pointer, download: { url: urlOf(name), headers: {} } };
}

const evil = () => {
  const header = tarHeader({
    type: 'symlink',
    path: 'workspace/out',
    mode: 0o777,
    mtime: 0,
    size: 0,
    target: '../../etc',
  });
  const good = tarHeader({ type: 'file', path: 'workspace/first.txt', mode: 0o644, mtime: 0, size: 1 });
  return zstdCompressSync(Buffer.concat([good, Buffer.from('x'), tarPadding(1), header, tarEnd()]));
};
/** A whole archive, whose conversations are not: zeros where pages of the database were. */
const withHole = (bytes: Buffer) => {
  const tar = zstdDecompressSync(bytes);
  const at = tar.indexOf('SQLite format 3');
  return zstdCompressSync(tar.fill(0xff, at + 4096, at + 3 * 4096));
};

describe('a snapshot that cannot be used', () => {
  test.each<[string, (good: Buffer) => Restorable]>([
    [
      'is gone',
      (good) => {
        const newest = stored('newest', 3, good);
        files.delete('newest');
        return newest;
      },
    ],
    [
      'is another file than was saved',
      (good) => {
        const newest = stored('newest', 3, good);
        files.set('newest', Buffer.from(good).fill(0, 40, 50));
        return newest;
      },
    ],
    ['is no archive', () => stored('newest', 3, randomBytes(5 * 1024 * 1024))],
    ['was made by somebody with bad intentions', () => stored('newest', 3, evil())],
    ['holds a damaged database', (good) => stored('newest', 3, withHole(good))],
    [
      'holds something else for a database',
      (good) => {
        const tar = zstdDecompressSync(good);
        const at = tar.indexOf('SQLite format 3');
        return stored('newest', 3, zstdCompressSync(tar.fill(0x20, at, at + 100)));
      },
    ],
  ])('because it %s gives way to the one before, and leaves nothing of itself', async (_why, damage) => {
    const newest = damage(await saved('newest', 3));
    const before = stored('before', 2, await saved('before', 2));
    const restored = await keeper().restore([newest, before]);
    expect(restored).toEqual({ pointer: before.pointer, unreadable: [newest.pointer] });
    expect(readdirSync(folders.workspace)).toEqual(['before.txt']);
    expect(readFileSync(join(folders.workspace, 'before.txt'), 'utf8')).toBe('note 2');
    const database = new DatabaseSync(join(folders.state, agentDatabase), { readOnly: true });
    const [row] = database.prepare('SELECT session_key FROM session_nodes').all();
    expect(row).toEqual({ session_key: 'agent:main:before-0' });
    database.close();
  });

  test('that its owner imported gives way like any other, and people read that it was the file', async () => {
    const before = stored('before', 2, await saved('before', 2));
    // Whole, but another program's: a database where OpenClaw's would be.
    const foreign = new DatabaseSync(join(root, 'foreign.sqlite'));
    foreign.exec('CREATE TABLE photos (x TEXT)');
    foreign.close();
    const bytes = readFileSync(join(root, 'foreign.sqlite'));
    const header = tarHeader({
      type: 'file',
      path: `x/${agentDatabase}`,
      mode: 0o600,
      mtime: 0,
      size: bytes.length,
    });
    const archive = gzipSync(Buffer.concat([header, bytes, tarPadding(bytes.length), tarEnd()]));
    const { pointer, download } = stored('imported', 3, archive);
    const imported = { pointer: { ...pointer, importedAs: 'gzip' as const }, download };
    const restored = await keeper().restore([imported, before]);
    expect(restored).toEqual({ pointer: before.pointer, unreadable: [imported.pointer] });
    expect(restoreFault(restored)).toEqual({ code: 'snapshot.import_unusable', detail: pointer.savedAt });
    expect(readdirSync(folders.workspace)).toEqual(['before.txt']);
  });

  test('any more than those before it leaves the agent to begin anew, in empty folders', async () => {
    const all = [3, 2, 1].map((seq) => stored(`bad-${seq}`, seq, evil()));
    const { pointer, unreadable } = await keeper().restore(all);
    expect(pointer).toBeUndefined();
    expect(unreadable.map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect([...readdirSync(folders.workspace), ...readdirSync(folders.state)]).toEqual([]);
  });

  test('because storage does not answer is no reason to take an older one', async () => {
    const newest = stored('down', 3, await saved('newest', 3));
    const before = stored('before', 2, await saved('before', 2));
    await expect(keeper().restore([newest, before])).rejects.toThrow(/503/);
    expect(existsSync(join(folders.workspace, 'before.txt'))).toBe(false);
  });
});

test('what does not read back as it was written is not uploaded, and no pointer is given for it', async () => {
  const cutting: Worker = {
    run: async (action, data, streams = {}) => {
      const report = await worker.run(action, data, streams);
      const file = join(folders.bridge, 'snapshot.tar.zst');
      if (action === 'pack') writeFileSync(file, readFileSync(file).subarray(0, -20));
      return report;
    },
  };
  await expect(keeper(cutting).save()).rejects.toThrow(/unreadable/);
  expect(files.size).toBe(0);
  expect(await keeper().save()).toMatchObject({ key: 'saved-1', epoch: 7, seq: 1 });
});
