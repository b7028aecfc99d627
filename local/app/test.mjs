// @ts-check
// What `npm test` runs, on any Node from 20 on and without a package: installs what is missing, a browser too, then
// runs every check. `npm test -- unit e2e` runs some of them. The last line is `N passed, N failed`.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './bootstrap/browser.mjs';
import { runCommand, signalCommands, toolEnvironment } from './bootstrap/command.mjs';
import { Fault } from './bootstrap/fault.mjs';
import { prepare } from './bootstrap/prepare.mjs';
import { createProgress } from './bootstrap/progress.mjs';

/** @typedef {{ passed: number; failed: number; skipped: number }} Counts */
/** @typedef {{ title: string; script: string; counts?: (report: any) => Counts }} Check `script` is one of package.json's. */

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const reports = join(root, '.local', 'test');

/** @param {any} report Vitest's JSON report. @returns {Counts} */
const vitestCounts = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
});

/** @param {any} report Playwright's JSON report. @returns {Counts} */
const playwrightCounts = ({ stats }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
});

/** @type {Record<string, Check[]>} */
const groups = {
  lint: [
    { title: 'Code style (biome)', script: 'lint:code' },
    { title: 'Nothing unused (knip)', script: 'lint:unused' },
    { title: 'Import directions (dependency-cruiser)', script: 'lint:imports' },
  ],
  typecheck: [{ title: 'Types (tsc)', script: 'typecheck' }],
  unit: [{ title: 'Unit tests', script: 'test:unit', counts: vitestCounts }],
  slow: [{ title: 'Slow tests', script: 'test:slow', counts: vitestCounts }],
  e2e: [{ title: 'Browser tests', script: 'test:e2e', counts: playwrightCounts }],
};

const progress = createProgress();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    signalCommands(signal);
    process.exit(128 + constants.signals[signal]);
  });
}

/** @returns {Check[]} */
function chosenChecks() {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in groups));
  if (unknown !== undefined) {
    throw new Fault(`There is no check ${unknown}.`, `Choose from: ${Object.keys(groups).join(', ')}.`);
  }
  return Object.entries(groups).flatMap(([name, checks]) =>
    names.length === 0 || names.includes(name) ? checks : [],
  );
}

/**
 * @param {Check} check @param {string | undefined} browser
 * @returns {Promise<Counts>}
 */
async function run({ title, script, counts }, browser) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const report = join(reports, `${script.replace(':', '-')}.json`);
  rmSync(report, { force: true });
  const reporter =
    counts === vitestCounts ? ` --reporter=default --reporter=json --outputFile.json='${report}'` : '';
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...toolEnvironment(root), E2E_REPORT: report, FORCE_COLOR: '0' };
  if (browser) env.CHROMIUM_PATH = browser;
  delete env.NO_COLOR;
  /** @type {Counts} */
  let result = { passed: 0, failed: 1, skipped: 0 };
  let output = '';
  await progress
    .step(title, async () => {
      const ended = await runCommand('sh', ['-c', `${scripts[script]}${reporter}`], {
        cwd: root,
        env,
        keep: 200_000,
      });
      output = ended.output;
      if (!counts) result = ended.code === 0 ? { passed: 1, failed: 0, skipped: 0 } : result;
      else result = readCounts(report, counts) ?? result;
      // A file that could not even be loaded is no failed test in the report, and yet a failure.
      if (ended.code !== 0 && result.failed === 0) result = { ...result, failed: 1 };
      if (ended.code !== 0) throw new Error(title);
    })
    .catch(() => progress.say(`\n${output.trim()}\n`));
  return result;
}

/** @param {string} file @param {(report: any) => Counts} counts */
function readCounts(file, counts) {
  try {
    return counts(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

try {
  const checks = chosenChecks();
  const node = await prepare(root, progress);
  mkdirSync(reports, { recursive: true });
  const browser = checks.some((check) => check.script === 'test:e2e')
    ? await ensureBrowser(root, node, progress)
    : undefined;
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const counts = await run(check, browser);
    if (counts.passed + counts.failed > 1 || counts.skipped > 0) {
      progress.say(
        `  ${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`,
      );
    }
    for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) sum[key] += counts[key];
  }
  if (sum.skipped > 0) process.stdout.write(`\n${sum.skipped} skipped`);
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
} catch (error) {
  progress.fail(error);
  process.stdout.write('\n0 passed, 1 failed\n');
  process.exitCode = 1;
}
