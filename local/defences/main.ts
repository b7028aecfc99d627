/**
 * `npm run test:defences [-- NAME…]`: takes each defence away in a copy of this checkout and shows that its test fails.
 * A test that passes without its defence, or fails with it, makes the run fail.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Defence, takeAway } from './defence.ts';
import { defences } from './defences.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** The files that git knows or would take, with the packages of this checkout. */
function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'defences-'));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  for (const file of listed.toString().split('\0').filter(Boolean))
    cpSync(join(root, file), join(copy, file), { recursive: true });
  for (const folder of ['node_modules', 'container/node_modules'])
    symlinkSync(join(root, folder), join(copy, folder));
  // The tools' user has to pass it.
  execFileSync('chmod', ['755', copy]);
  return copy;
}

/** Whether the named tests ran and all passed. */
function passes(copy: string, { test }: Defence): 'passed' | 'failed' | 'not run' {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const project = test.file.includes('.slow.') ? 'slow' : 'unit';
  const title = test.title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['--reporter=json', `--outputFile=${report}`, '-t', title];
  spawnSync(process.execPath, [vitest, 'run', '--project', project, test.file, ...options], { cwd: copy });
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  if (numFailedTests > 0 || numFailedTestSuites > 0) return 'failed';
  return numPassedTests > 0 ? 'passed' : 'not run';
}

const asked = process.argv.slice(2);
const known = new Map<string, string>();
const chosen = defences.filter(({ name }) => asked.length === 0 || asked.some((part) => name.includes(part)));
const copy = copyCheckout();
let faults = 0;
try {
  for (const defence of chosen) {
    if (defence.asRoot && !isRoot) {
      console.log(`skipped      ${defence.name} (root on Linux only)`);
      continue;
    }
    const path = join(copy, defence.file);
    const whole = readFileSync(path, 'utf8');
    const test = `${defence.test.file} ${defence.test.title}`;
    const before = known.get(test) ?? passes(copy, defence);
    known.set(test, before);
    writeFileSync(path, takeAway(whole, defence));
    const after = passes(copy, defence);
    writeFileSync(path, whole);
    const isSeen = before === 'passed' && after === 'failed';
    if (!isSeen) faults += 1;
    const said = isSeen ? 'seen failing' : `NOT SEEN     with: ${before}, without: ${after} —`;
    console.log(`${said} ${defence.name}: ${defence.test.file} “${defence.test.title}”`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = faults > 0 ? 1 : 0;
