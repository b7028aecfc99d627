import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { staysInside } from './entry-rules.ts';
import type { TarEntry } from './tar.ts';

export interface Surveyed extends TarEntry {
  /** Where the content is read from. */
  readonly source: string;
}

export interface Survey {
  readonly entries: readonly Surveyed[];
  /** Paths that a snapshot does not hold: links that leave the folder, sockets, devices, what cannot be read. */
  readonly skipped: readonly string[];
}

/**
 * Lists a folder for an archive, in a fixed order, every path below `prefix`. A folder that is missing is empty.
 * Links that stay inside are kept where `keepsLinks`.
 */
export function survey(folder: string, prefix: string, keepsLinks: boolean): Survey {
  const entries: Surveyed[] = [];
  const skipped: string[] = [];
  const walk = (relative: string) => {
    let children: Dirent[];
    try {
      children = readdirSync(join(folder, relative), { withFileTypes: true });
    } catch (error) {
      if (relative !== '' || (error as NodeJS.ErrnoException).code !== 'ENOENT')
        skipped.push(`${prefix}/${relative}`);
      return;
    }
    for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = relative ? `${relative}/${child.name}` : child.name;
      const source = join(folder, path);
      const stat = lstatSync(source, { throwIfNoEntry: false });
      if (!stat) continue;
      const common = {
        path: `${prefix}/${path}`,
        source,
        mode: stat.mode & 0o777,
        mtime: stat.mtimeMs / 1000,
      };
      if (stat.isDirectory()) {
        entries.push({ ...common, type: 'directory', size: 0 });
        walk(path);
      } else if (stat.isFile()) {
        entries.push({ ...common, type: 'file', size: stat.size });
      } else if (keepsLinks && stat.isSymbolicLink() && staysInside(path, readlinkSync(source))) {
        entries.push({ ...common, type: 'symlink', size: 0, target: readlinkSync(source) });
      } else {
        skipped.push(`${prefix}/${path}`);
      }
    }
  };
  walk('');
  return { entries, skipped };
}

/** One file under another name. */
export function surveyFile(source: string, path: string): Surveyed {
  const { mode, mtimeMs, size } = lstatSync(source);
  return { path, source, type: 'file', mode: mode & 0o777, mtime: mtimeMs / 1000, size };
}

/** Changes when a surveyed file does (path, kind, size, time, mode): cheap enough to ask every minute. */
export function fingerprint(entries: readonly TarEntry[], before = ''): string {
  const hash = createHash('sha256').update(before);
  for (const { path, type, size, mtime, mode, target } of entries) {
    // A folder's own time changes with every temporary file in it.
    hash.update(JSON.stringify([path, type, size, type === 'file' ? mtime : 0, mode, target]));
  }
  return hash.digest('hex');
}
