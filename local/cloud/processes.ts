import { execFileSync, spawnSync } from 'node:child_process';

/**
 * A container ends with everything that runs in it. Without a container runtime that takes a PID namespace:
 * its first process is the container's, and the kernel ends the rest with it. `unshare` makes one (Linux; as
 * root, or where unprivileged user namespaces are allowed); `setpriv --pdeathsig` ends it with this process.
 */
export function namespaceCommand(): readonly string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user'];
  const command = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    ...user,
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
  ];
  const [file = '', ...args] = command;
  const probe = spawnSync(file, [...args, 'true'], { stdio: 'ignore' });
  return probe.status === 0 ? command : undefined;
}

let canDieWithUs: boolean | undefined;

/** A command to put before another, which then ends when this process ends, even by SIGKILL. Empty where that can't be had. */
export function dieWithUs(): readonly string[] {
  canDieWithUs ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return canDieWithUs ? ['setpriv', '--pdeathsig', 'KILL'] : [];
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
}

function processes(): ProcessRow[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent };
    });
}

/** Pids of all that descends from a process, itself not included, children before grandchildren. */
export function descendantsOf(pid: number): number[] {
  const rows = processes();
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const row of rows) {
      if (row.parent === next) {
        found.push(row.pid);
        queue.push(row.pid);
      }
    }
  }
  return found;
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** When a process started, as the system writes it; undefined when there is none. Tells a reused pid from the old one. */
export function startOf(pid: number): string | undefined {
  const result = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return result.stdout?.trim() || undefined;
}
