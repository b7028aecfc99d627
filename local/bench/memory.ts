import { readFileSync } from 'node:fs';
import { descendantsOf } from '../cloud/processes.ts';

/** Proportional set size of one process, kilobytes (proc(5), smaps_rollup); 0 when it is gone. */
function proportionalSize(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Watches a process and all below it. `peak` gives the highest sum seen, megabytes. Linux only. */
export function watchMemory(pid: number): { peak(): number; stop(): void } {
  let highest = 0;
  const look = () => {
    const sum = [pid, ...descendantsOf(pid)].reduce((total, each) => total + proportionalSize(each), 0);
    highest = Math.max(highest, sum / 1024);
  };
  const timer = setInterval(look, 250);
  return {
    peak: () => {
      look();
      return highest;
    },
    stop: () => clearInterval(timer),
  };
}
