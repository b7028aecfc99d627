import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentData, pack } from './pack.ts';
import { readTar, type TarEntry, TarError, tarEnd, tarHeader, tarPadding } from './tar.ts';
import { unpack, verify } from './unpack.ts';

let root: string;
const dataIn = (name: string): AgentData => {
  const data = {
    state: join(root, name, 'state'),
    workspace: join(root, name, 'workspace'),
    temporary: join(root, name, 'tmp'),
  };
  for (const folder of Object.values(data)) mkdirSync(folder, { recursive: true });
  return data;
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'snapshot-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An archive as somebody with bad intentions might make it. */
function archive(entries: (Partial<TarEntry> & { path: string; content?: string })[]): Readable {
  const parts = entries.flatMap(({ content = '', ...entry }) => {
    const full: TarEntry = { type: 'file', mode: 0o644, mtime: 0, size: content.length, ...entry };
    return [tarHeader(full), Buffer.from(content), tarPadding(content.length)];
  });
  return Readable.from([zstdCompressSync(Buffer.concat([...parts, tarEnd()]))]);
}

async function packed(data: AgentData, known?: string) {
  const output = new PassThrough();
  const [report, bytes] = await Promise.all([
    pack(data, output, known).finally(() => output.end()),
    buffer(output),
  ]);
  return { report, bytes };
}

describe('a snapshot', () => {
  it('brings back files, folders, modes and links inside the workspace, whatever their names', async () => {
    const from = dataIn('from');
    const long = `${'long-'.repeat(30)}name`;
    mkdirSync(join(from.workspace, 'notes', long), { recursive: true });
    writeFileSync(join(from.workspace, 'notes', long, '한글 이름.txt'), '내용');
    writeFileSync(join(from.workspace, 'run.sh'), '#!/bin/sh', { mode: 0o755 });
    symlinkSync('notes', join(from.workspace, 'link'));
    const { bytes } = await packed(from);
    const to = dataIn('to');
    expect(await verify(Readable.from([bytes]))).toBe(await unpack(Readable.from([bytes]), to));
    expect(readFileSync(join(to.workspace, 'notes', long, '한글 이름.txt'), 'utf8')).toBe('내용');
    expect(lstatSync(join(to.workspace, 'run.sh')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(to.workspace, 'link'))).toBe('notes');
  });

  it('leaves out links that leave the workspace, and lists them', async () => {
    const from = dataIn('from');
    mkdirSync(join(from.state, 'media'));
    symlinkSync('picture.png', join(from.state, 'media', 'link'));
    symlinkSync('here/..', join(from.workspace, 'roundabout'));
    symlinkSync('/etc/passwd', join(from.workspace, 'absolute'));
    symlinkSync('../state', join(from.workspace, 'upward'));
    const { report, bytes } = await packed(from);
    expect(report.skipped).toEqual([
      'media/link',
      'workspace/absolute',
      'workspace/roundabout',
      'workspace/upward',
    ]);
    expect(await verify(Readable.from([bytes]))).toBe(0);
  });

  it('holds rows of a database that is open and has them only in its log', async () => {
    const from = dataIn('from');
    mkdirSync(join(from.state, 'agents/main/agent'), { recursive: true });
    const database = new DatabaseSync(join(from.state, 'agents/main/agent/openclaw-agent.sqlite'));
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT)');
    database.prepare('INSERT INTO t VALUES (?)').run('only in the log');
    const { bytes } = await packed(from);
    database.close();
    const to = dataIn('to');
    await unpack(Readable.from([bytes]), to);
    const copy = new DatabaseSync(join(to.state, 'agents/main/agent/openclaw-agent.sqlite'), {
      readOnly: true,
    });
    expect(copy.prepare('SELECT x FROM t').get()).toEqual({ x: 'only in the log' });
    copy.close();
  });

  it('is not written again while nothing has changed', async () => {
    const from = dataIn('from');
    writeFileSync(join(from.workspace, 'a'), '1');
    const first = await packed(from);
    const second = await packed(from, first.report.fingerprint);
    expect(second.report.unchanged).toBe(true);
    expect(second.bytes).toHaveLength(0);
    writeFileSync(join(from.workspace, 'a'), '22');
    expect((await packed(from, first.report.fingerprint)).report.unchanged).toBe(false);
  });

  it('leaves no copy of a database behind', async () => {
    const from = dataIn('from');
    await packed(from);
    expect(readdirSync(from.temporary)).toEqual([]);
  });
});

describe('an archive with bad intentions', () => {
  it.each([
    ['a way up', [{ path: 'workspace/../../evil', content: 'x' }]],
    ['an absolute path', [{ path: '/tmp/evil', content: 'x' }]],
    ['a place that is not the agent’s', [{ path: 'openclaw/openclaw.json', content: 'x' }]],
    ['a top folder that is a link', [{ path: 'workspace', type: 'symlink' as const, target: '.' }]],
    ['a link out of the workspace', [{ path: 'workspace/l', type: 'symlink' as const, target: '../../etc' }]],
    ['an absolute link', [{ path: 'workspace/l', type: 'symlink' as const, target: '/etc' }]],
    [
      'a link that goes down and up again',
      [{ path: 'workspace/l', type: 'symlink' as const, target: 'd/..' }],
    ],
    ['a link outside the workspace', [{ path: 'media/l', type: 'symlink' as const, target: 'x' }]],
    [
      'a file through a link',
      [
        { path: 'workspace/l', type: 'symlink' as const, target: 'd' },
        { path: 'workspace/l/x', content: 'x' },
      ],
    ],
    [
      'a file through a file',
      [
        { path: 'workspace/f', content: '1' },
        { path: 'workspace/f/x', content: '2' },
      ],
    ],
    [
      'a link in a folder’s place',
      [
        { path: 'workspace/d/x', content: '1' },
        { path: 'workspace/d', type: 'symlink' as const, target: 'e' },
      ],
    ],
    ['a name that no file system takes', [{ path: `workspace/${'n'.repeat(256)}`, content: 'x' }]],
    [
      'the same path twice',
      [
        { path: 'workspace/x', content: '1' },
        { path: 'workspace/x', content: '2' },
      ],
    ],
    ['a hard link', [{ path: 'workspace/l', type: 'hardlink' as const, target: 'state/openclaw.sqlite' }]],
    ['an unknown database', [{ path: 'state/other.sqlite', content: 'x' }]],
    ['a database that is a folder', [{ path: 'state/openclaw.sqlite', type: 'directory' as const }]],
    ['a NUL in a path', [{ path: 'workspace/a\0b', content: 'x' }]],
  ])('with %s is refused', async (_, entries) => {
    const to = dataIn('to');
    await expect(unpack(archive(entries), to)).rejects.toThrow(TarError);
    expect(readdirSync(root)).toEqual(['to']);
    expect(readdirSync(join(root, 'to')).sort()).toEqual(['state', 'tmp', 'workspace']);
  });

  it.each([
    ['a device', '3'],
    ['a pipe', '6'],
  ])('with %s is refused', async (_, flag) => {
    const header = tarHeader({ type: 'file', path: 'workspace/x', mode: 0o644, mtime: 0, size: 0 });
    header.write(flag, 156);
    header.write(' '.repeat(8), 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    await expect(readTar(Readable.from([header, tarEnd()]), async () => {})).rejects.toThrow(
      /type .* is not allowed/,
    );
  });
});

describe('a damaged snapshot', () => {
  it('is called unreadable wherever it was cut, and a changed byte leads to no other error either', async () => {
    const from = dataIn('from');
    writeFileSync(join(from.workspace, 'a'), createHash('sha512').update('a').digest('hex').repeat(20));
    const { bytes } = await packed(from);
    await fc.assert(
      // Its very end is zstd's closing mark and checksum: without them the content is still whole.
      fc.asyncProperty(fc.nat(bytes.length - 16), async (at) => {
        await expect(verify(Readable.from([bytes.subarray(0, at)]))).rejects.toThrow(TarError);
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        // What zstd's own checksum does not see, the pointer's SHA-256 does, before anything is unpacked.
        await verify(Readable.from([changed])).catch((error: unknown) =>
          expect(error).toBeInstanceOf(TarError),
        );
      }),
      { numRuns: 60 },
    );
  });
});
