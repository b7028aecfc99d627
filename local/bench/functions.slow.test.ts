import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { bundleFunction } from './functions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Kilobytes. What stands between a message and its answer starts with the smallest. */
const budget = 200;
/** What writes Telegram's markup carries a parser of Markdown. Nobody waits for what runs by the clock; it reads cron. */
const budgets: Readonly<Record<string, number>> = {
  'deliver-message': 450,
  'link-channel': 450,
  'receive-files': 450,
  'run-schedules': 250,
  'telegram-webhook': 450,
};
const functions = readdirSync(join(root, 'amplify/functions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test.each(functions)('%s keeps to its size, and carries no client of AWS’s', async (name) => {
  const { kilobytes, packages } = await bundleFunction(root, name, join(folder, `${name}.mjs`));
  expect(kilobytes).toBeLessThan(budgets[name] ?? budget);
  expect([...packages].filter((each) => /^@(aws-sdk|aws-crypto|smithy)\//.test(each))).toEqual([]);
});
