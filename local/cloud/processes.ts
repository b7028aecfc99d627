import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

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
  if (process.platform === 'linux') return processesInProc();
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent };
    });
}

/** As `ps` would tell, at a small part of its cost: proc(5). */
function processesInProc(): ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The command's name is in brackets and may hold anything; the parent is the second field after it.
      return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
    } catch {
      // It is gone.
      return [];
    }
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

/**
 * When a process started, in the system's own words; undefined when there is none. Tells a reused pid from the old
 * one: the words also name the boot of the machine, or the full date.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const result = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return result.stdout?.trim() || undefined;
  }
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The command's name is in brackets and may hold anything; the start time is the 20th field after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

/** Writes down what runs, for a start after we were killed: a frozen process can't notice our end by itself. */
export function rememberProcesses(file: string, pids: readonly number[]): void {
  writeFileSync(file, JSON.stringify(pids.map((pid) => ({ pid, started: startOf(pid) }))), { mode: 0o600 });
}

/** Ends what an earlier run wrote down and left behind, with all that descends from it. */
export function reapProcesses(file: string): void {
  let rows: { pid: number; started?: string }[] = [];
  try {
    rows = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // No file, or one that was cut off while it was written: nothing to go by.
  }
  for (const { pid, started } of rows) reap(pid, started);
}

/** Ends a process and its descendants, if the pid still belongs to the same process. */
export function reap(pid: number, started: string | undefined): void {
  if (pid <= 1 || started === undefined || startOf(pid) !== started) return;
  for (const each of [...descendantsOf(pid), pid]) signal(each, 'SIGKILL');
}

/** The most memory that a process has held, megabytes. Undefined where the system does not tell (not Linux). */
export function peakMegabytes(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
