// @ts-check
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.mjs';
import { takeLock } from './lock.mjs';
import { checkNode } from './node-version.mjs';
import { ensurePackages, isInstalled } from './packages.mjs';

/**
 * Brings a clone to where its TypeScript can run: packages at the root and OpenClaw's in `container/`.
 * Does nothing, in a few milliseconds, when all is there. Two at once: the second waits for the first.
 * @param {string} root @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<string>} The Node to go on with.
 */
export async function prepare(root, progress) {
  checkNode();
  const container = join(root, 'container');
  if (!isInstalled(root) || !isInstalled(container)) {
    try {
      accessSync(root, constants.W_OK);
    } catch {
      throw new Fault(
        `${root} is not writable.`,
        'Packages and data are kept inside the project folder: make it writable for your user.',
      );
    }
    const lock = await waitForLock(join(root, '.local', 'install.lock'), progress);
    try {
      await ensurePackages({ root, directory: root, title: 'Installing packages', room: 2, progress });
      await ensurePackages({ root, directory: container, title: 'Installing OpenClaw', room: 0.8, progress });
    } finally {
      lock.release();
    }
  }
  const node = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(node)) return node;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major === 24 && minor >= 16) return process.execPath;
  throw new Fault(
    `There is no Node for ${process.platform} ${process.arch} among the packages.`,
    'Linux and macOS on x64 and arm64 have one; elsewhere run the command with a Node 24.16 or later of your own.',
  );
}

/** @param {string} file @param {import('./progress.mjs').Progress} progress */
async function waitForLock(file, progress) {
  for (let told = false; ; told = true) {
    const taken = takeLock(file);
    if ('lock' in taken) return taken.lock;
    if (!told)
      progress.say(`Another command (process ${taken.holder.pid}) installs already: waiting for it.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
