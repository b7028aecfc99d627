import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A project in which each file breaks the rule that is its value, by importing the file beside it. */
const forbidden: readonly [file: string, imports: string, rule: string][] = [
  ['amplify/core/a.ts', '../adapters/fine.ts', 'core-is-pure'],
  ['amplify/core/b.ts', 'node:fs', 'core-is-pure'],
  ['amplify/adapters/a.ts', '../functions/fine.ts', 'adapters-see-core'],
  ['amplify/functions/a.ts', '../agent/fine.ts', 'functions-see-core-and-adapters'],
  ['amplify/agent/a.ts', '../../src/fine.ts', 'amplify-stays-home'],
  ['container/bridge/a.ts', '../../amplify/functions/fine.ts', 'container-sees-core-and-adapters'],
  ['src/a.ts', '../amplify/adapters/fine.ts', 'web-sees-core'],
  ['src/b.ts', '../amplify/data/resource.ts', 'web-takes-types-of-the-schema'],
  ['src/c.ts', '../local/app/fine.ts', 'products-know-nothing-local'],
  ['local/cloud/a.ts', '../../amplify/core/fine.ts', 'local-cloud-knows-no-product'],
  ['local/cloud/a.test.ts', '../../amplify/core/fine.ts', 'local-cloud-knows-no-product-in-tests'],
  ['local/app/a.ts', '../../src/fine.ts', 'local-app-sees-cloud-and-core'],
  ['e2e/a.ts', './b.test.ts', 'no-test-in-code'],
  ['amplify/core/c.ts', './d.ts', 'no-cycles'],
  ['src/d.ts', './gone.ts', 'nothing-unresolvable'],
];

/** What nobody may complain about. */
const allowed: readonly [file: string, text: string][] = [
  ['amplify/core/fine.ts', "import { z } from 'zod';\nexport const fine = z;\n"],
  ['amplify/adapters/fine.ts', "import '../core/fine.ts';\nexport const fine = 1;\n"],
  ['amplify/functions/fine.ts', "import '../adapters/fine.ts';\nexport const fine = 1;\n"],
  ['amplify/agent/fine.ts', "import '../core/fine.ts';\nexport const fine = 1;\n"],
  ['amplify/data/resource.ts', "import '../functions/fine.ts';\nexport type Schema = 1;\n"],
  [
    'src/fine.ts',
    "import type { Schema } from '../amplify/data/resource.ts';\nimport '../amplify/core/fine.ts';\nexport const fine: Schema = 1;\n",
  ],
  ['container/bridge/fine.ts', "import '../../amplify/core/fine.ts';\nexport const fine = 1;\n"],
  ['local/cloud/fine.ts', "import 'node:fs';\nexport const fine = 1;\n"],
  ['local/app/fine.ts', "import '../cloud/fine.ts';\nexport const fine = 1;\n"],
  ['e2e/b.test.ts', 'export const fine = 1;\n'],
  // The other half of the cycle, which is told of once.
  ['amplify/core/d.ts', "import './c.ts';\nexport const fine = 1;\n"],
];

let project: string;
let found: { from: string; rule: string }[];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'directions-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  };
  for (const [file, text] of allowed) write(file, text);
  for (const [file, imports] of forbidden)
    write(file, `import ${JSON.stringify(imports)};\nexport const x = 1;\n`);
  write('package.json', '{"type":"module","dependencies":{"zod":"1"}}');
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json'])
    copyFileSync(join(root, file), join(project, file));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const folders = ['amplify', 'container', 'e2e', 'local', 'src'];
  const printed = await new Promise<string>((resolve) => {
    const options = { cwd: project, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [...args, ...folders], options, (_, stdout) => resolve(stdout));
  });
  const { violations } = JSON.parse(printed).summary as {
    violations: { from: string; rule: { name: string } }[];
  };
  found = violations.map(({ from, rule }) => ({ from, rule: rule.name }));
});

afterAll(() => rmSync(project, { recursive: true }));

test.each(forbidden)('%s may not import %s', (from, _, rule) => {
  expect(found).toContainEqual({ from, rule });
});

test('what is allowed passes', () => {
  const files = allowed.map(([file]) => file);
  expect(found.filter(({ from }) => files.includes(from))).toEqual([]);
});
