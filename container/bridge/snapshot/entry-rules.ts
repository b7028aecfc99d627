import { posix } from 'node:path';
import { type TarEntry, TarError } from './tar.ts';

/** The snapshot's top folders, and where each belongs in the task's folder. */
export const snapshotFolders = ['databases', 'media', 'workspace'] as const;

/** Whether a link at `path` (relative to a folder) stays inside that folder. */
export function staysInside(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || posix.isAbsolute(target)) return false;
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  return resolved !== '..' && !resolved.startsWith('../');
}

/**
 * Checks the entries of one archive in their order and throws TarError for the first that could write outside the
 * task's folder: an absolute path, a way up, a link that leaves the workspace, or a path through a link.
 */
export class EntryRules {
  readonly #links = new Set<string>();
  readonly #seen = new Set<string>();

  check(entry: TarEntry): void {
    const { path } = entry;
    const parts = path.replace(/\/$/, '').split('/');
    const bad = (reason: string) => new TarError(`${JSON.stringify(path.slice(0, 200))} ${reason}`);
    if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
      throw bad('is no plain relative path');
    if (!snapshotFolders.includes(parts[0] as (typeof snapshotFolders)[number])) throw bad('belongs nowhere');
    for (let depth = 1; depth < parts.length; depth++) {
      if (this.#links.has(parts.slice(0, depth).join('/'))) throw bad('goes through a link');
    }
    const plain = parts.join('/');
    if (this.#seen.has(plain)) throw bad('comes twice');
    this.#seen.add(plain);
    if (entry.type !== 'symlink') return;
    if (parts[0] !== 'workspace' || parts.length < 2) throw bad('may not be a link');
    if (!staysInside(parts.slice(1).join('/'), entry.target ?? ''))
      throw bad('is a link that leaves the workspace');
    this.#links.add(plain);
  }
}
