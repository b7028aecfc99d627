import { setTimeout as delay } from 'node:timers/promises';
import { taskIdOf } from '../../cloud/ecs/task.ts';
import { signal } from '../../cloud/processes.ts';
import { signalAll } from '../owner-tasks.ts';
import { type FunctionName, functionOf } from '../tables.ts';
import type { TaskProcesses } from '../task-processes.ts';
import { type FaultPorts, type Hit, hit, target } from './fault-ports.ts';

export async function killProcess(ports: FaultPorts, which: 'bridge' | 'agent'): Promise<Hit> {
  const pidOf = (processes: TaskProcesses) => processes[which];
  const running = await target(ports, (processes) => pidOf(processes) !== undefined);
  const pid = running && pidOf(running.processes);
  if (pid === undefined) return hit(undefined);
  signalAll([pid], 'SIGKILL');
  return hit(`pid ${pid} of ${taskIdOf(running?.task.taskArn ?? '').slice(0, 6)}`);
}

/**
 * Ends a function while it works: as it makes its `calls`-th call of another service from now on. That call is still
 * carried out, what would have followed is not. Stands until it has hit or the run is over. Functions serve every owner:
 * it may be another run's that is hit.
 */
export function killFunction(
  { stack, connections, over }: FaultPorts,
  { name, calls }: { name: FunctionName; calls: number },
): Hit {
  const { arn } = functionOf(stack.cloud, name);
  let left = calls;
  let what: string | undefined;
  const off = connections.onRequest(({ socket }) => {
    const pid = connections.peerOf(socket, stack.cloud.lambda.pids(arn));
    if (pid === undefined) return;
    left -= 1;
    if (left > 0) return;
    off();
    stack.disturbances.count += 1;
    signal(pid, 'SIGKILL');
    what = `${name} at its call ${calls}`;
  });
  over.addEventListener('abort', off, { once: true });
  return () => what;
}

/** A task that stands still sends no heartbeat: its lease runs out and the sweeper finds it. Then it goes on, too late. */
export async function freeze(ports: FaultPorts, wakes: number): Promise<Hit> {
  const { stack, owner } = ports;
  const running = await target(ports, ({ bridge }) => bridge !== undefined);
  if (!running) return hit(undefined);
  const [, ...inside] = running.processes.all;
  signalAll(inside, 'SIGSTOP');
  try {
    const id = taskIdOf(running.task.taskArn);
    const lease = await stack.tables.lease(owner);
    if (lease?.taskId === id) await stack.tables.ageLease(owner).catch(() => {});
    await stack.sweep();
    await delay(wakes);
    return hit(id.slice(0, 6));
  } finally {
    signalAll(inside, 'SIGCONT');
  }
}
