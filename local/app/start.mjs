// @ts-check
// What `npm start` runs, on any Node from 20 on and without a package: installs what is missing, then hands over to
// the TypeScript part (main.ts) on the project's own Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signalCommands } from './bootstrap/command.mjs';
import { prepare } from './bootstrap/prepare.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { help, parseStartOptions } from './start-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
const progress = createProgress({ json: args.includes('--json') });

/** @type {import('node:child_process').ChildProcess | undefined} */
let app;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    if (app) {
      app.kill(signal);
      return;
    }
    signalCommands(signal);
    process.exit(128 + constants.signals[signal]);
  });
}

/** @param {string} node */
function handOver(node) {
  // The channel tells main.ts that we are gone, whatever ended us: it then stops too.
  const stdio = /** @type {const} */ (['inherit', 'inherit', 'inherit', 'ipc']);
  const child = spawn(node, [join(root, 'local/app/main.ts'), ...args], { cwd: root, stdio: [...stdio] });
  app = child;
  child.once('error', (error) => {
    progress.fail(error);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}

try {
  const options = parseStartOptions(args, root);
  if (options.help) process.stdout.write(help);
  else handOver(await prepare(root, progress));
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
}
