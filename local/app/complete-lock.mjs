// @ts-check
// Completes a lock file: `node local/app/complete-lock.mjs [folder]`, after `npm install`.
//
// npm leaves optional packages of other platforms out of a lock file that it writes while node_modules is there
// (https://github.com/npm/cli/issues/4828), or that its registry does not serve. `npm ci` then refuses the lock file, and on
// those platforms the packages would be missing. Their versions are known: those that their parents ask for. Their hashes
// are asked of the registry.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ version?: string; license?: string; dev?: boolean; optionalDependencies?: Record<string, string> }} Entry */

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * Where a package that `from` asks for is installed; undefined when it is nowhere.
 * @param {Record<string, Entry>} packages @param {string} from @param {string} name
 */
function placeOf(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '') return undefined;
  }
}

/**
 * Optional packages that a lock file names nowhere, with what asks for them.
 * @param {Record<string, Entry>} packages `packages` of a lock file.
 */
export function missingPackages(packages) {
  return Object.entries(packages).flatMap(([path, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => placeOf(packages, path, name) === undefined)
      .map(([name, version]) => ({ name, version, path, parent })),
  );
}

/** The entry of a package whose name tells its platform. @param {ReturnType<typeof missingPackages>[number]} missing */
function entryOf({ name, version, path, parent }) {
  const parts = (name.split('/').at(-1) ?? '').split('-');
  const os = parts.find((part) => systems.includes(part));
  const cpu = parts.find((part) => processors.includes(part));
  if (!os || !cpu || !/^\d/.test(version))
    throw new Error(`${name}@${version} (of ${path}) names no platform`);
  const isMusl = parts.some((part) => part.startsWith('musl'));
  const isGlibc = parts.some((part) => part.startsWith('gnu'));
  return {
    version,
    cpu: [cpu],
    ...(parent.dev ? { dev: true } : {}),
    ...(os === 'linux' && (isMusl || isGlibc) ? { libc: [isMusl ? 'musl' : 'glibc'] } : {}),
    license: parent.license,
    optional: true,
    os: [os],
    // Our own Node, whose command is what the package is for.
    ...(name.startsWith('node-') ? { bin: { node: 'bin/node' } } : {}),
  };
}

/** What the registry says that a package's file hashes to; undefined where it does not serve it. @param {string} name @param {string} version */
function integrityOf(name, version) {
  const { stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], { encoding: 'utf8' });
  return stdout.startsWith('sha512-') ? stdout.trim() : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(process.argv[2] ?? '.', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingPackages(lock.packages);
  for (const each of missing) lock.packages[`node_modules/${each.name}`] = entryOf(each);
  const unhashed = [];
  for (const [path, { version, integrity, ...rest }] of Object.entries(lock.packages)) {
    if (!rest.os || integrity) continue;
    const found = integrityOf(path.replace(/^.*node_modules\//, ''), version);
    if (found) lock.packages[path] = { version, integrity: found, ...rest };
    else unhashed.push(path);
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${missing.length} packages added to ${file}\n`);
  if (unhashed.length > 0) process.stdout.write(`Without a hash: ${unhashed.join(', ')}\n`);
}
