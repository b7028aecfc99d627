import { posix } from 'node:path';
import { agentDatabase, stateDatabase } from '../openclaw/reconcile.ts';
import { type TarEntry, TarError } from './tar.ts';

/**
 * A snapshot is laid out as OpenClaw's own folder (~/.openclaw), so that a plain OpenClaw can take it as it is. It holds
 * two databases and two folders of it, and nothing else may stand in one.
 */
export const databases = [agentDatabase, stateDatabase] as const;
const folders = ['media', 'workspace'];
/** Folders on the way to the databases: another program's archive may name them. */
const parents = databases.flatMap((path) =>
  path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/')),
);
/** Their names in snapshots of before 2026-11-26. */
const formerNames: Readonly<Record<string, string>> = {
  'databases/agent.sqlite': agentDatabase,
  'databases/state.sqlite': stateDatabase,
};

/** Where an entry belongs in that folder; undefined when it belongs nowhere. */
export function placeOf(entry: Pick<TarEntry, 'path' | 'type'>): string | undefined {
  const path = entry.path.replace(/\/$/, '');
  const [top = ''] = path.split('/');
  if (folders.includes(top)) return path;
  if (entry.type === 'directory') return parents.includes(path) ? path : undefined;
  if (entry.type !== 'file') return undefined;
  return formerNames[path] ?? databases.find((database) => database === path);
}

/** Throws TarError for a path that is absolute or goes up. */
export function checkPath(path: string): void {
  if (path.includes('\0') || posix.isAbsolute(path) || path.split('/').includes('..'))
    throw new TarError(`${JSON.stringify(path.slice(0, 200))} is no plain relative path`);
}

/** Entries of one archive: far more than an agent's files, and little enough to remember their names. */
const maxEntries = 1_000_000;
/** Bytes of one name, as file systems have it. */
const maxName = 255;

/**
 * Whether a link at `path` (relative to a folder) stays inside that folder. A way up may only begin it: after a name,
 * which may be a link itself, `..` leads elsewhere than it says.
 */
export function staysInside(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || posix.isAbsolute(target)) return false;
  if (/[^/.][^/]*\/+(.*\/)?\.\.(\/|$)/.test(target)) return false;
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  return resolved !== '..' && !resolved.startsWith('../');
}

/**
 * Checks the entries of one archive in their order and throws TarError for the first that could write outside the
 * task's folder: an absolute path, a way up, a link that leaves the workspace, or a path through a link.
 */
export class EntryRules {
  /** What has been named so far, folders on the way to it too. */
  readonly #kinds = new Map<string, TarEntry['type'] | 'parent'>();

  check(entry: TarEntry): void {
    const { path } = entry;
    const parts = path.replace(/\/$/, '').split('/');
    const bad = (reason: string) => new TarError(`${JSON.stringify(path.slice(0, 200))} ${reason}`);
    if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
      throw bad('is no plain relative path');
    if (parts.some((part) => Buffer.byteLength(part) > maxName)) throw bad('has too long a name');
    if (entry.type !== 'symlink' && placeOf(entry) === undefined) throw bad('belongs nowhere');
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/');
      const kind = this.#kinds.get(parent) ?? 'parent';
      if (kind !== 'parent' && kind !== 'directory') throw bad(`goes through a ${kind}`);
      this.#kinds.set(parent, kind);
    }
    const plain = parts.join('/');
    const before = this.#kinds.get(plain);
    if (before !== undefined && !(before === 'parent' && entry.type === 'directory'))
      throw bad('comes twice');
    this.#kinds.set(plain, entry.type);
    if (this.#kinds.size > maxEntries) throw bad('is one entry too many');
    if (entry.type === 'hardlink') throw bad('may not be a hard link');
    if (entry.type !== 'symlink') return;
    if (parts[0] !== 'workspace' || parts.length < 2) throw bad('may not be a link');
    if (!staysInside(parts.slice(1).join('/'), entry.target ?? ''))
      throw bad('is a link that leaves the workspace');
  }
}
