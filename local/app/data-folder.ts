import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, Fault } from './bootstrap/fault.mjs';
import { type Lock, takeLock } from './bootstrap/lock.mjs';

const mark = 'serverless-openclaw.json';

/**
 * Takes a data folder for this process and makes it if need be; `fresh` empties it first. A folder with files that we
 * didn't write is never emptied. Throws a Fault when another process works in it.
 */
export function takeDataFolder(directory: string, fresh: boolean): Lock {
  try {
    const taken = takeLock(`${directory}.lock`);
    if ('holder' in taken) throw runsAlready(taken.holder);
    try {
      if (fresh) empty(directory);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(join(directory, mark), '{"version":1}\n');
      return taken.lock;
    } catch (error) {
      taken.lock.release();
      throw error;
    }
  } catch (error) {
    throw explain(`Opening ${directory}`, error);
  }
}

function runsAlready({ pid, port }: { pid: number; port?: number }): Fault {
  const where = port === undefined ? 'and is just starting' : `at http://127.0.0.1:${port}`;
  return new Fault(
    `It runs already (process ${pid}) ${where}.`,
    'Use that one, or stop it first (Ctrl-C). For a second one beside it give --data and --port.',
  );
}

function empty(directory: string): void {
  if (!existsSync(directory)) return;
  if (readdirSync(directory).length > 0 && !existsSync(join(directory, mark))) {
    throw new Fault(
      `${directory} holds files that are not this app's: --fresh does not remove them.`,
      'Give another --data folder, or remove it yourself.',
    );
  }
  rmSync(directory, { recursive: true });
}
