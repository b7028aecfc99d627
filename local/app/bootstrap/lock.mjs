// @ts-check
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * When a process started, in the system's own notation; undefined when there is none. Tells a process from a
 * later one with the same number.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startOf(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Fields after the command, which is in parentheses and may hold spaces: state is the 3rd, starttime the 22nd.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    const shown = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return shown.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * @typedef {{ pid: number; started: string | undefined; port?: number }} Holder
 * @typedef {{ release(): void; note(fields: Record<string, unknown>): void }} Lock
 */

/** @param {string} file @returns {Holder | undefined} */
function holderOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Holder | undefined} holder */
const lives = (holder) => holder !== undefined && startOf(holder.pid) === holder.started && !!holder.started;

/**
 * Takes a lock file for this process, or says who holds it. A lock whose holder was killed is taken over.
 * @param {string} file
 * @returns {{ lock: Lock } | { holder: Holder }}
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = { pid: process.pid, started: startOf(process.pid) };
  const candidate = `${file}.${process.pid}`;
  writeFileSync(candidate, JSON.stringify(mine));
  try {
    for (;;) {
      try {
        // link fails when the name is taken, and the file is complete from its first moment.
        linkSync(candidate, file);
        return { lock: heldLock(file, mine) };
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder && lives(holder)) return { holder };
      moveAway(file, holder);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

/**
 * Removes a lock that was left behind; if somebody took it over meanwhile, theirs is put back.
 * @param {string} file
 * @param {Holder | undefined} stale
 */
function moveAway(file, stale) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  const moved = holderOf(aside);
  if (JSON.stringify(moved) !== JSON.stringify(stale) && lives(moved)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

/** @param {string} file @param {Holder} mine @returns {Lock} */
function heldLock(file, mine) {
  const isMine = () => holderOf(file)?.pid === mine.pid;
  return {
    note(fields) {
      const next = `${file}.${process.pid}`;
      writeFileSync(next, JSON.stringify({ ...mine, ...fields }));
      renameSync(next, file);
    },
    release() {
      if (isMine()) rmSync(file, { force: true });
    },
  };
}
