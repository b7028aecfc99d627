import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { createProgress } from './bootstrap/progress.mjs';
import { builtWebApp } from './builds.ts';

test('the page is built for people whatever NODE_ENV the shell has', async () => {
  const root = mkdtempSync(join(tmpdir(), 'builds-'));
  try {
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'index.html'), '<script type="module" src="/src/main.js"></script>');
    writeFileSync(join(root, 'src', 'main.js'), 'document.title = process.env.NODE_ENV;');
    vi.stubEnv('NODE_ENV', 'development');
    const site = await builtWebApp(root, createProgress({ out: { write: () => {} } }));
    const [script = ''] = readdirSync(join(site, 'assets'));
    expect(readFileSync(join(site, 'assets', script), 'utf8')).toContain('document.title=`production`');
  } finally {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  }
});
