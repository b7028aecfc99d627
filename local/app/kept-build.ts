import { createHash, type Hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';

/** How many results of one kind stay: switching between a few branches needs no rebuild. */
const kept = 3;

/** Adds a file's, or everything of a folder's, names and bytes to a hash. What doesn't exist counts as absent. */
function addPath(hash: Hash, root: string, path: string): void {
  const full = join(root, path);
  const stats = statSync(full, { throwIfNoEntry: false });
  hash.update(`${path}\0${stats ? (stats.isDirectory() ? 'd' : 'f') : '-'}\0`);
  if (stats?.isFile()) hash.update(readFileSync(full));
  if (!stats?.isDirectory()) return;
  for (const name of readdirSync(full).sort()) {
    if (name !== 'node_modules') addPath(hash, root, `${path}/${name}`);
  }
}

/** A name for the state of files and folders (relative to `root`) and of a value that matters beside them. */
export function fingerprint(root: string, paths: readonly string[], beside: unknown = null): string {
  const hash = createHash('sha256').update(JSON.stringify([process.version, beside]));
  for (const path of paths) addPath(hash, root, path);
  return hash.digest('hex').slice(0, 16);
}

/**
 * What `build` makes of a state of the sources, made once and kept in `folder/name`. `build` writes into a folder
 * that doesn't exist yet; it gets its final name when it is complete, so an interrupted build is made anew.
 */
export async function keptBuild(
  folder: string,
  name: string,
  build: (directory: string) => Promise<void>,
): Promise<{ directory: string; built: boolean }> {
  const directory = join(folder, name);
  if (existsSync(directory)) {
    const now = new Date();
    utimesSync(directory, now, now);
    return { directory, built: false };
  }
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `${name}.${process.pid}`);
  try {
    await build(unfinished);
    renameSync(unfinished, directory);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Two that build the same at once: the first one's is as good.
    if (!existsSync(directory)) throw error;
  }
  removeOld(folder);
  return { directory, built: true };
}

function removeOld(folder: string): void {
  const age = (name: string) => Date.now() - statSync(join(folder, name)).mtimeMs;
  const names = readdirSync(folder);
  // What an interrupted build left; another process's is younger.
  const unfinished = names.filter((name) => name.includes('.') && age(name) > 3_600_000);
  const finished = names.filter((name) => !name.includes('.')).sort((a, b) => age(a) - age(b));
  for (const name of [...unfinished, ...finished.slice(kept)]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
