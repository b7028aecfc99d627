import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprint, keptBuild } from './kept-build.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const build = async (directory: string) => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'result'), 'done');
};

describe('a kept build', () => {
  test('is made once for one state of the sources', async () => {
    expect(await keptBuild(folder, 'a', build)).toMatchObject({ built: true });
    const again = await keptBuild(folder, 'a', () => Promise.reject(new Error('built twice')));
    expect(again).toMatchObject({ built: false, directory: join(folder, 'a') });
  });

  test('is made anew after one that failed or was interrupted', async () => {
    const half = async (directory: string) => {
      mkdirSync(directory, { recursive: true });
      throw new Error('interrupted');
    };
    await expect(keptBuild(folder, 'a', half)).rejects.toThrow('interrupted');
    expect(readdirSync(folder)).toEqual([]);
    // What a killed process leaves behind.
    mkdirSync(join(folder, 'a.4711'));
    expect(await keptBuild(folder, 'a', build)).toMatchObject({ built: true });
    expect(existsSync(join(folder, 'a', 'result'))).toBe(true);
  });

  test('leaves the few that were used last', async () => {
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      await keptBuild(folder, name, build);
      utimesSync(join(folder, name), index + 1, index + 1);
      await keptBuild(folder, 'a', build);
    }
    expect(readdirSync(folder).sort()).toEqual(['a', 'd', 'e']);
  });
});

describe('a fingerprint of sources', () => {
  test('changes with content, names and what stands beside, and with nothing else', () => {
    mkdirSync(join(folder, 'src'));
    mkdirSync(join(folder, 'node_modules'));
    const state = (beside?: unknown) => fingerprint(folder, ['src', 'gone', 'node_modules'], beside);
    const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const seen = [state()];
    const changed = () => {
      expect(seen).not.toContain(state());
      seen.push(state());
    };
    file('src/a', '1');
    changed();
    file('src/a', '2');
    changed();
    file('src/b', '');
    changed();
    file('gone', '');
    changed();
    expect(state()).toBe(seen.at(-1));
    expect(state('x')).not.toBe(state());
    file('other', '1');
    expect(state()).toBe(seen.at(-1));
  });
});
