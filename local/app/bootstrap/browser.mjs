// @ts-check
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { runCommand, toolEnvironment } from './command.mjs';
import { explain, Fault } from './fault.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A Chromium or Chrome of this machine; undefined when there is none.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | undefined}
 */
export function findBrowser(environment = process.env) {
  if (environment.CHROMIUM_PATH) {
    if (isExecutable(environment.CHROMIUM_PATH)) return environment.CHROMIUM_PATH;
    throw new Fault(
      `CHROMIUM_PATH names ${environment.CHROMIUM_PATH}, which can't be run.`,
      'Set it to a Chromium or Chrome, or unset it: then one is looked for, and installed if there is none.',
    );
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  return found ?? applications.find(isExecutable);
}

/** Playwright's own build, where `playwright install` puts it. @param {string} root @returns {string | undefined} */
function playwrightsBrowser(root) {
  const require = createRequire(join(root, 'package.json'));
  const path = require('@playwright/test').chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/**
 * Finds a browser for the tests, or installs one: Debian's as root on Debian, else Playwright's. Gives its path.
 * @param {string} root @param {string} node @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<string>}
 */
export async function ensureBrowser(root, node, progress) {
  const found = findBrowser() ?? playwrightsBrowser(root);
  if (found) return found;
  return progress.step('Installing a browser (Chromium)', async () => {
    const tried = [];
    for (const attempt of [debians, playwrights]) {
      const result = await attempt(root, node);
      const installed = findBrowser() ?? playwrightsBrowser(root);
      if (installed) return installed;
      if (result) tried.push(result);
    }
    throw new Fault(
      explain('Installing a browser', tried.join('\n')).message,
      'Install Chromium or Chrome by hand (Debian, Ubuntu: `sudo npx playwright install --with-deps chromium`), or set CHROMIUM_PATH.',
      tried.join('\n'),
    );
  });
}

/** What was printed, or undefined where this way isn't open. @param {string} root */
async function debians(root) {
  const isDebian =
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  if (!isDebian || process.getuid?.() !== 0) return undefined;
  const env = { ...toolEnvironment(root), DEBIAN_FRONTEND: 'noninteractive' };
  const update = await runCommand('apt-get', ['update'], { env });
  const install = await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
    env,
  });
  return update.output + install.output;
}

/** @param {string} root @param {string} node */
async function playwrights(root, node) {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  // Its libraries come from the system's packages, which only root can install.
  const withDependencies = process.platform === 'linux' && process.getuid?.() === 0 ? ['--with-deps'] : [];
  const args = [cli, 'install', ...withDependencies, 'chromium'];
  return (await runCommand(node, args, { env: toolEnvironment(root) })).output;
}
