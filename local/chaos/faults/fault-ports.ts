import { setTimeout as delay } from 'node:timers/promises';
import type { Task } from '../../cloud/ecs/task.ts';
import type { Connections } from '../connections.ts';
import type { OwnerTasks } from '../owner-tasks.ts';
import type { Stack } from '../stack.ts';
import type { TaskProcesses } from '../task-processes.ts';

export interface FaultPorts {
  readonly stack: Stack;
  readonly connections: Connections;
  readonly tasks: OwnerTasks;
  readonly owner: string;
  /** Aborted at the end of the run. */
  readonly over: AbortSignal;
  /** Does something in a while, which the run waits for. */
  later(milliseconds: number, work: () => Promise<void>): void;
}

/** What a fault has hit by now, for the timeline; undefined: nothing. Asked again at the end of the run. */
export type Hit = () => string | undefined;

export const hit =
  (what: string | undefined): Hit =>
  () =>
    what;

/** A fault waits so long for what it is to hit, milliseconds. */
const patience = 10_000;
const lookEvery = 100;

/** What `find` finds, as soon as it finds something; undefined when it finds nothing in time. */
export async function soon<T>(
  { over }: FaultPorts,
  find: () => T | undefined | Promise<T | undefined>,
  within = patience,
): Promise<T | undefined> {
  for (const deadline = Date.now() + within; Date.now() < deadline && !over.aborted; ) {
    const found = await find();
    if (found !== undefined) return found;
    await delay(lookEvery);
  }
  return undefined;
}

export interface RunningTask {
  readonly task: Task;
  readonly processes: TaskProcesses;
}

/** The newest task that runs, as soon as `is` says that it is the right one. */
export const target = (
  ports: FaultPorts,
  is: (processes: TaskProcesses) => boolean = () => true,
): Promise<RunningTask | undefined> =>
  soon(ports, () => {
    const running = ports.tasks.running();
    return running && is(running.processes) ? running : undefined;
  });
