import { readFileSync } from 'node:fs';
import { descendantsOf } from '../cloud/processes.ts';

/** The processes of one task by what they are, as host pids. */
export interface TaskProcesses {
  readonly all: readonly number[];
  readonly bridge: number | undefined;
  readonly agent: number | undefined;
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Is this the Node process that runs the file (and no wrapper around it)? */
const runs = (pid: number, file: string): boolean => {
  const [program = '', script = '', ...rest] = commandOf(pid);
  return program === process.execPath && script.endsWith(file) && !['worker', 'file'].includes(rest[0] ?? '');
};

/** `outermost`: the task's pid as ECS gives it. */
export function processesOf(outermost: number): TaskProcesses {
  const all = [outermost, ...descendantsOf(outermost)];
  return {
    all,
    bridge: all.find((pid) => runs(pid, '/bridge.mjs')),
    agent: all.find((pid) => runs(pid, '/openclaw.mjs')),
  };
}
