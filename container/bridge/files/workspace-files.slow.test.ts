import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxAttachmentSize } from '../../../amplify/core/attachment.ts';
import { openclawEntry } from '../openclaw/gateway.ts';
import { detectIsolation } from '../openclaw/isolation.ts';
import { FileTooLarge, workspaceFiles } from './workspace-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'workspace-files-'));
chmodSync(folder, 0o755);
const { isolation } = await detectIsolation([openclawEntry()], join(folder, 'home'));
const workspace = join(folder, 'workspace');
const files = workspaceFiles(join(import.meta.dirname, '../main.ts'), workspace, isolation);

beforeAll(() => {
  mkdirSync(workspace);
  isolation.share(workspace);
  writeFileSync(join(folder, 'secret.txt'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('The workspace', () => {
  it('takes a file that OpenClaw and its tools can both change, and gives it back', async () => {
    await files.put('inbox/1/보고서.txt', Buffer.from('first'));
    await files.put('inbox/1/보고서.txt', Buffer.from('again'));
    expect((await files.get('inbox/1/보고서.txt')).toString()).toBe('again');
    const { mode, uid, gid } = statSync(join(workspace, 'inbox/1/보고서.txt'));
    expect(mode & 0o777).toBe(0o664);
    if (isolation.users) expect([uid, gid]).toEqual([isolation.users.tools, isolation.users.tools]);
  });

  it('gives an empty file', async () => {
    await files.put('empty', Buffer.alloc(0));
    expect(await files.get('empty')).toHaveLength(0);
  });

  it.each(['../secret.txt', '/etc/passwd', 'link.txt', 'folder-link/secret.txt'])(
    'does not reach %s',
    async (path) => {
      symlinkSync(join(folder, 'secret.txt'), join(workspace, 'link.txt'));
      symlinkSync(folder, join(workspace, 'folder-link'));
      try {
        await expect(files.get(path)).rejects.toThrow('outside the workspace');
        if (path !== 'link.txt')
          await expect(files.put(path, Buffer.from('x'))).rejects.toThrow(
            /outside the workspace|EACCES|permission/,
          );
        expect(readFileSync(join(folder, 'secret.txt'), 'utf8')).toBe('secret');
      } finally {
        rmSync(join(workspace, 'link.txt'));
        rmSync(join(workspace, 'folder-link'));
      }
    },
  );

  it('gives no folder, and nothing that is too large', async () => {
    await files.put('large', Buffer.from('x'));
    truncateSync(join(workspace, 'large'), maxAttachmentSize + 1);
    await expect(files.get('large')).rejects.toThrow(FileTooLarge);
    await expect(files.get('inbox')).rejects.toThrow(/not a plain file|EISDIR/);
    await expect(files.get('nothing')).rejects.toThrow('ENOENT');
  });
});
