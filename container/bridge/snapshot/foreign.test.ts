import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentDatabase, stateDatabase } from '../openclaw/reconcile.ts';
import type { AgentData } from './pack.ts';
import { TarError, tarEnd, tarHeader, tarPadding } from './tar.ts';
import { locate, unpack, verify } from './unpack.ts';

let root: string;
let to: AgentData;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'foreign-'));
  to = { state: join(root, 'state'), workspace: join(root, 'workspace'), temporary: join(root, 'tmp') };
  for (const folder of Object.values(to)) mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const cut = `workspace/${'a'.repeat(60)}/${'b'.repeat(60)}`;
const long = `${'long-'.repeat(30)}name`;
/** An OpenClaw's own folder, with what it has beside what a snapshot takes. */
function ownFolder(): string {
  const home = join(root, 'home');
  const files = {
    [agentDatabase]: 'the conversations',
    [stateDatabase]: 'approvals and schedules',
    'openclaw.json': '{"hooks":{"internal":{"enabled":true}}}',
    'credentials/telegram.json': 'token',
    'agents/main/agent/auth-profiles.json': 'sk-key',
    'agents/other/agent/openclaw-agent.sqlite': 'another agent',
    'media/inbound/picture.png': 'pixels',
    'workspace/MEMORY.md': 'Bori is a dog',
    [`workspace/notes/${long}/한글 ${'가'.repeat(40)}.md`]: 'note',
    'workspace/skills/mine/SKILL.md': 'a skill',
    [cut]: 'of a long name',
    'workspace/one-name': 'twice',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, '.openclaw', path)), { recursive: true });
    writeFileSync(join(home, '.openclaw', path), content);
  }
  const workspace = join(home, '.openclaw/workspace');
  symlinkSync('MEMORY.md', join(workspace, 'link'));
  symlinkSync('/etc/passwd', join(workspace, 'out'));
  linkSync(join(workspace, 'one-name'), join(workspace, 'another-name'));
  return home;
}

async function bring(archive: Buffer): Promise<string> {
  const found = await locate(Readable.from([archive]));
  expect(await verify(Readable.from([archive]), found)).toBe(
    await unpack(Readable.from([archive]), to, 'all', found),
  );
  return found;
}
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('an archive of an OpenClaw of one’s own', () => {
  test.each([
    ['its folder', ['.openclaw'], '.openclaw/'],
    ['what is in it', ['-C', '.openclaw', '.'], ''],
    [
      'a folder around it',
      ['--transform', 's,^,2026-backup/payload/posix/home/ann/,SH', '.openclaw'],
      '2026-backup/payload/posix/home/ann/.openclaw/',
    ],
    ['its folder, with pax headers', ['--format=pax', '.openclaw'], '.openclaw/'],
    ['its folder, with names cut in two', ['--format=ustar', '--exclude=long-*', '.openclaw'], '.openclaw/'],
  ])('that holds %s gives conversations, media and workspace, and nothing else', async (_, what, found) => {
    const archive = execFileSync('tar', ['-cz', '-C', ownFolder(), ...what], { maxBuffer: 1e8 });
    expect(await bring(archive)).toBe(found);
    expect(filesBelow(to.state)).toEqual([agentDatabase, 'media/inbound/picture.png']);
    expect(readFileSync(join(to.state, agentDatabase), 'utf8')).toBe('the conversations');
    const names = filesBelow(to.workspace);
    const expected = ['MEMORY.md', 'link', 'skills/mine/SKILL.md', cut.slice('workspace/'.length)];
    expect(names).toEqual(expect.arrayContaining(expected));
    expect(names.includes(`notes/${long}/한글 ${'가'.repeat(40)}.md`)).toBe(!what.includes('--format=ustar'));
    expect(names).not.toContain('out');
    // Of a file with two names, tar has the content with one of them only.
    expect(names.filter((name) => name.endsWith('-name'))).toHaveLength(1);
  });
});

/** An archive as somebody with bad intentions might make it. */
function crafted(entries: { path: string; content?: string; target?: string }[]): Buffer {
  const all = [{ path: `x/${agentDatabase}`, content: 'db' }, ...entries];
  const parts = all.flatMap(({ path, content = '', target }) => {
    const type = target === undefined ? ('file' as const) : ('symlink' as const);
    const entry = { type, path, mode: 0o644, mtime: 0, size: content.length, ...(target && { target }) };
    return [tarHeader(entry), Buffer.from(content), tarPadding(content.length)];
  });
  return gzipSync(Buffer.concat([...parts, tarEnd()]));
}

describe('an archive that can’t be used is refused before anything is written', () => {
  test.each<[string, Buffer, RegExp]>([
    [
      'holds no agent',
      gzipSync(
        Buffer.concat([
          tarHeader({ type: 'file', path: 'photo.jpg', mode: 0o644, mtime: 0, size: 0 }),
          tarEnd(),
        ]),
      ),
      /no agent/,
    ],
    [
      'was made while OpenClaw ran',
      crafted([{ path: `x/${agentDatabase}-wal`, content: 'rows' }]),
      /while OpenClaw was running/,
    ],
    ['goes up', crafted([{ path: 'x/workspace/../../../evil', content: 'x' }]), /plain relative path/],
    ['goes up outside', crafted([{ path: '../evil', content: 'x' }]), /plain relative path/],
    ['is absolute', crafted([{ path: '/etc/cron.d/evil', content: 'x' }]), /plain relative path/],
    [
      'writes through a link',
      crafted([
        { path: 'x/workspace/l', target: 'd' },
        { path: 'x/workspace/l/x', content: 'x' },
      ]),
      /through a symlink/,
    ],
    [
      'names a file twice',
      crafted([
        { path: 'x/workspace/f', content: '1' },
        { path: 'x/workspace/f', content: '2' },
      ]),
      /twice/,
    ],
    ['is cut off', crafted([]).subarray(0, 60), /unreadable/],
  ])('because it %s', async (_, archive, why) => {
    await expect(bring(archive)).rejects.toThrow(TarError);
    await expect(bring(archive)).rejects.toThrow(why);
    expect(readdirSync(root).sort()).toEqual(['state', 'tmp', 'workspace']);
  });

  test('because it holds a device', async () => {
    const header = tarHeader({ type: 'file', path: 'x/workspace/sda', mode: 0o644, mtime: 0, size: 0 });
    header.write('3', 156);
    header.write(' '.repeat(8), 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    await expect(bring(gzipSync(Buffer.concat([header, tarEnd()])))).rejects.toThrow(/not allowed/);
  });
});

test('links that leave the workspace are left out, wherever they are', async () => {
  await bring(
    crafted([
      { path: 'x/workspace/up', target: '../../state' },
      { path: 'x/workspace/abs', target: '/etc' },
      { path: 'x/media/l', target: 'x' },
      { path: 'x/workspace/in', target: 'notes' },
    ]),
  );
  expect(readdirSync(to.workspace)).toEqual(['in']);
  expect(filesBelow(to.state)).toEqual([agentDatabase]);
});
