import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CompiledCode, linkCode, shippedCode } from './compiled-code.ts';

let folder: string;
let module: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiled-code-'));
  module = join(folder, 'some.mjs');
  writeFileSync(module, 'export const answer = () => 42;\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the module with a cache. Gives what Node says about it. */
const runWith = (cache: string): string =>
  spawnSync(process.execPath, [module], {
    env: { NODE_COMPILE_CACHE: cache, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    encoding: 'utf8',
  }).stderr;

describe('What was compiled when the image was built', () => {
  it('is taken by Node under the name that a machine and a user give it, without being written to', () => {
    const built = join(folder, 'built');
    runWith(built);
    const [name = ''] = readdirSync(built);
    // As the image has it: under no machine's name.
    const code: CompiledCode = { folder: join(folder, 'openclaw'), nameFor: () => name };
    renameSync(join(built, name), code.folder);
    const cache = join(folder, 'cache');
    mkdirSync(cache);
    linkCode(code, cache, [1]);
    expect(runWith(cache)).toMatch(/some\.mjs was accepted/);
    // Another source is compiled anew.
    writeFileSync(module, 'export const answer = () => 43;\n');
    expect(runWith(cache)).not.toMatch(/some\.mjs was accepted/);
  });

  it('is looked for under the name that Node has for the user', () => {
    const code = join(folder, 'compiled', 'openclaw');
    mkdirSync(code, { recursive: true });
    const shipped = shippedCode(join(folder, 'place'), code);
    const here = process.getuid?.() ?? 0;
    runWith(join(folder, 'own'));
    expect([shipped?.nameFor(here)]).toEqual(readdirSync(join(folder, 'own')));
    expect(shipped?.nameFor(10_001)).toBe(shipped?.nameFor(here).replace(/-\d+$/, '-10001'));
    expect(basename(shipped?.folder ?? '')).toBe('openclaw');
  });

  it('is missing where the command runs without an image', () => {
    expect(shippedCode(folder, join(folder, 'nothing'))).toBeUndefined();
  });
});
