import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { descendantsOf } from '../cloud/processes.ts';

/** Clock ticks of a second (getconf CLK_TCK on Linux). */
const ticks = 100;

/** Seconds of CPU that a process and all below it have used, with their children that have ended. Linux only. */
export function processorSeconds(pid: number): number {
  return [pid, ...descendantsOf(pid)].reduce((sum, each) => {
    try {
      // proc(5), stat: utime, stime, cutime, cstime are fields 14 to 17.
      const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return sum + fields.slice(11, 15).reduce((total, field) => total + Number(field), 0) / ticks;
    } catch {
      return sum;
    }
  }, 0);
}

/** Holds a process and what it starts from now on to the first core (taskset(1)). */
export function pinToOneCore(pid: number): void {
  for (const each of [pid, ...descendantsOf(pid)]) {
    try {
      execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(each)], { stdio: 'ignore' });
    } catch {
      // It has just ended.
    }
  }
}
