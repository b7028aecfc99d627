import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acknowledged } from './acknowledged-checks.ts';

const outDirectory = mkdtempSync(join(tmpdir(), 'checks-'));
let found: { rule: string; place: string }[] = [];

beforeAll(async () => {
  process.env.CDK_OUTDIR = outDirectory;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({
    'amplify-backend-namespace': 'd1234567890abc',
    'amplify-backend-name': 'main',
    'amplify-backend-type': 'branch',
  });
  const { backend } = await import('./backend.ts');
  const { violations } = new AwsSolutionsChecks().validateScope(backend.stack.node.root);
  found = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map((resource) => {
      const path = 'constructPath' in resource ? String(resource.constructPath) : '';
      return { rule: ruleName, place: path.slice(path.indexOf('/') + 1) };
    }),
  );
});
afterAll(() => rmSync(outDirectory, { recursive: true, force: true }));

const answers = (entry: (typeof acknowledged)[number], finding: (typeof found)[number]) =>
  finding.rule.startsWith(`AwsSolutions-${entry.rule}`) &&
  (entry.about === undefined || finding.rule.includes(entry.about)) &&
  entry.place.test(finding.place);

test('AWS’s solution checks find nothing that has not been thought about', () => {
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((finding) => !acknowledged.some((entry) => answers(entry, finding)))).toEqual([]);
});

test('Nothing is acknowledged that is not found any more', () => {
  expect(acknowledged.filter((entry) => !found.some((finding) => answers(entry, finding)))).toEqual([]);
});
