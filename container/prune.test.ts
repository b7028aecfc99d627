import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { layOutPackages } from './lay-out-packages.ts';
import { isKept, prune } from './prune.ts';

const kept = [
  'openclaw/openclaw.mjs',
  'openclaw/dist/entry.js',
  'openclaw/dist/extensions/browser/SKILL.md',
  'openclaw/skills/weather/SKILL.md',
  'openclaw/docs/reference/templates/AGENTS.md',
  'openclaw/LICENSE',
  'jszip/LICENSE.markdown',
  'zod/v4/index.js',
  '@anthropic-ai/sdk/index.js',
  '@modelcontextprotocol/sdk/dist/esm/index.js',
  'typescript/lib/typescript.js',
  'openclaw/dist/tree-sitter-bash.wasm',
  'mapbox/index.js',
];
const left = [
  'openclaw/dist/control-ui/index.html',
  'openclaw/dist/worker/worker.mjs',
  'openclaw/docs/gateway/index.json',
  'openclaw/README.md',
  'zod/src/index.ts',
  'zod/v4/index.d.cts',
  'hono/dist/index.js.map',
  'typescript/lib/ko/diagnosticMessages.generated.json',
  '@trycua/cua-driver-linux-x64/bin/driver',
];

describe('the packages of the image', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const install = () => {
    folder = mkdtempSync(join(tmpdir(), 'prune-'));
    const nodeModules = join(folder, 'node_modules');
    for (const path of [...kept, ...left]) {
      mkdirSync(dirname(join(nodeModules, path)), { recursive: true });
      writeFileSync(join(nodeModules, path), path);
    }
    return nodeModules;
  };
  const filesOf = (nodeModules: string) =>
    readdirSync(nodeModules, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(nodeModules.length + 1))
      .sort();

  it('keep what runs, what is read at run time, and every licence', () => {
    expect(kept.filter((path) => !isKept(path))).toEqual([]);
  });

  it('leave out what only a compiler, a debugger or a screen would use', () => {
    expect(left.filter(isKept)).toEqual([]);
  });

  it('are the same whether they are pruned in the image’s build or laid out on this machine', () => {
    const nodeModules = install();
    layOutPackages(nodeModules, join(folder, 'laid-out'));
    expect(prune(nodeModules).files).toBe(left.length);
    expect(filesOf(nodeModules)).toEqual([...kept].sort());
    expect(filesOf(join(folder, 'laid-out'))).toEqual([...kept].sort());
    expect(existsSync(join(nodeModules, 'openclaw/dist/control-ui'))).toBe(false);
  });

  it('are pruned by the Dockerfile before they are copied into the image', () => {
    const dockerfile = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8');
    const [pruned, copied] = ['RUN node prune.ts node_modules', 'COPY --from=packages /app/node_modules'];
    expect(dockerfile).toContain(pruned);
    expect(dockerfile.indexOf(copied)).toBeGreaterThan(dockerfile.indexOf(pruned));
  });
});
