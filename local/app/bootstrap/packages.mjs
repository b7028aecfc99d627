// @ts-check
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, toolEnvironment } from './command.mjs';
import { explain, Fault } from './fault.mjs';

/** @typedef {{ version?: string; optional?: boolean; os?: string[]; cpu?: string[]; libc?: string[]; link?: boolean; inBundle?: boolean }} Entry */

/** @param {string} file @returns {Record<string, Entry> | undefined} */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Is what the lock file asks for installed, completely and for this platform? npm writes its own lock file inside
 * node_modules as the last thing an install does: an interrupted one has none, or an older one.
 * @param {string} directory
 * @param {{ platform?: string; arch?: string }} [host]
 */
export function isInstalled(directory, { platform = process.platform, arch = process.arch } = {}) {
  const wanted = packagesOf(join(directory, 'package-lock.json'));
  const present = packagesOf(join(directory, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    // What a package brings along inside itself is there when that package is, whatever npm notes of it.
    if (path === '' || entry.inBundle) continue;
    const found = present[path];
    if (found ? found.version === entry.version : entry.optional && !isForThisHost(entry, platform, arch))
      continue;
    return false;
  }
  return Object.entries(present).every(([path, entry]) => path in wanted || entry.inBundle);
}

/**
 * Optional packages of other platforms are left out by npm. One that names its C library, or no platform at all,
 * may be left out for reasons of its own.
 * @param {Entry} entry @param {string} platform @param {string} arch
 */
function isForThisHost({ os, cpu, libc }, platform, arch) {
  if (libc || !os || !cpu) return false;
  return os.includes(platform) && cpu.includes(arch);
}

/**
 * `npm ci` in a folder, unless what its lock file asks for is there. True when it installed.
 * `room`: gigabytes that the packages take.
 * @param {{ root: string; directory: string; title: string; room: number; progress: import('./progress.mjs').Progress }} input
 */
export async function ensurePackages({ root, directory, title, room, progress }) {
  if (isInstalled(directory)) return false;
  await progress.step(title, async () => {
    const disk = statfsSync(directory);
    if (disk.bavail * disk.bsize < room * 1e9) {
      throw new Fault(
        `${title} takes ${room} GB; the disk of ${directory} has less to give.`,
        'Free some space and run the command again.',
      );
    }
    const result = await npm(root, directory).catch((error) => {
      throw explain(title, error);
    });
    // npm's own manual page after its complaint helps nobody.
    if (result.code !== 0) throw explain(title, result.output.split(/\n[^\n]*Clean install a project/)[0]);
    if (!isInstalled(directory)) {
      throw new Fault(
        `${title} ended well, and yet packages are missing in ${join(directory, 'node_modules')}.`,
        'Does a setting of npm leave something out (`npm config get omit`)? Optional packages are needed.',
        result.output,
      );
    }
  });
  return true;
}

/** @param {string} root @param {string} directory */
function npm(root, directory) {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const env = toolEnvironment(root);
  // NODE_ENV=production or an outer npm's settings must not change what is installed.
  for (const name of Object.keys(env))
    if (/^npm_(config_(omit|production|only|include)|package_|lifecycle)/.test(name)) delete env[name];
  delete env.NODE_ENV;
  const cli = process.env.npm_execpath;
  const own = join(root, 'node_modules', '.bin', 'node');
  // At the root npm replaces node_modules, our Node with it: there the Node that runs this is the one to use.
  const node = directory !== root && existsSync(own) ? own : process.execPath;
  if (cli?.endsWith('.js') && /npm-cli/.test(cli))
    return runCommand(node, [cli, ...args], { cwd: directory, env });
  return runCommand('npm', args, { cwd: directory, env });
}
