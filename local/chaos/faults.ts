import { setTimeout as delay } from 'node:timers/promises';
import { taskIdOf } from '../cloud/ecs/task.ts';
import type { Connections } from './connections.ts';
import { type OwnerTasks, signalAll } from './owner-tasks.ts';
import type { PlannedFault } from './plan.ts';
import type { Stack } from './stack.ts';
import { functionOf } from './tables.ts';
import type { TaskProcesses } from './task-processes.ts';

export interface FaultPorts {
  readonly stack: Stack;
  readonly connections: Connections;
  readonly tasks: OwnerTasks;
  readonly owner: string;
  /** Aborted at the end of the run. */
  readonly over: AbortSignal;
}

/** A fault waits so long for what it is to hit, milliseconds. */
const patience = 3_000;
const lookEvery = 50;

/** Does the fault. Gives what was hit, for the timeline; undefined when there was nothing to hit. */
export async function inject(ports: FaultPorts, fault: PlannedFault): Promise<string | undefined> {
  const { stack, tasks, owner } = ports;
  switch (fault.kind) {
    case 'kill-bridge':
      return kill(ports, ({ bridge }) => bridge);
    case 'kill-agent':
      return kill(ports, ({ agent }) => agent);
    case 'kill-function': {
      const pids = stack.cloud.lambda.pids(functionOf(stack.cloud, fault.name).arn);
      stack.disturbances.count += 1;
      signalAll(pids, 'SIGKILL');
      return `${fault.name}: ${pids.length}`;
    }
    case 'spot-notice': {
      const running = await target(ports);
      if (running?.task.capacityProviderName !== 'FARGATE_SPOT') return undefined;
      stack.cloud.ecs.interruptSpot(running.task.taskArn);
      return taskIdOf(running.task.taskArn).slice(0, 6);
    }
    case 'freeze':
      return freeze(ports, fault.wakes);
    case 'no-capacity': {
      const all = (capacity: 'available' | typeof fault.shape) =>
        Object.fromEntries(fault.providers.map((provider) => [provider, capacity]));
      stack.disturbances.count += 1;
      stack.cloud.ecs.setCapacity(all(fault.shape));
      await delay(fault.lasts);
      stack.cloud.ecs.setCapacity(all('available'));
      return `${fault.shape} ${fault.providers}`;
    }
    case 'repeat-event':
      return tasks.repeat(fault.which);
    case 'cut-sockets': {
      const running = await target(ports);
      if (!running) return undefined;
      const sockets = ports.connections.of(running.processes.all);
      for (const socket of sockets) socket.destroy();
      return `${sockets.length} connections`;
    }
    case 'lose-replies':
      return loseReplies(ports, fault.lasts);
    case 'cut-upload':
      return cutUploads(ports, owner, fault.times);
  }
}

/** The task that runs, as soon as `is` says that it is the right one. */
async function target(ports: FaultPorts, is: (processes: TaskProcesses) => boolean = () => true) {
  for (const deadline = Date.now() + patience; Date.now() < deadline && !ports.over.aborted; ) {
    const running = ports.tasks.running();
    if (running && is(running.processes)) return running;
    await delay(lookEvery);
  }
  return undefined;
}

async function kill(
  ports: FaultPorts,
  which: (processes: TaskProcesses) => number | undefined,
): Promise<string | undefined> {
  const running = await target(ports, (processes) => which(processes) !== undefined);
  const pid = running && which(running.processes);
  if (pid === undefined) return undefined;
  signalAll([pid], 'SIGKILL');
  return `pid ${pid} of ${taskIdOf(running?.task.taskArn ?? '').slice(0, 6)}`;
}

/** A task that stands still sends no heartbeat: its lease runs out and the sweeper finds it. Then it goes on, too late. */
async function freeze(ports: FaultPorts, wakes: number): Promise<string | undefined> {
  const { stack, owner } = ports;
  const running = await target(ports, ({ bridge }) => bridge !== undefined);
  if (!running) return undefined;
  const [, ...inside] = running.processes.all;
  signalAll(inside, 'SIGSTOP');
  try {
    const id = taskIdOf(running.task.taskArn);
    const lease = await stack.tables.lease(owner);
    if (lease?.taskId === id) await stack.tables.ageLease(owner).catch(() => {});
    await stack.sweep();
    await delay(wakes);
    return id.slice(0, 6);
  } finally {
    signalAll(inside, 'SIGCONT');
  }
}

async function loseReplies(ports: FaultPorts, lasts: number): Promise<string | undefined> {
  const running = await target(ports, ({ bridge }) => bridge !== undefined);
  if (!running) return undefined;
  let lost = 0;
  const off = ports.connections.onRequest(({ socket, response }) => {
    if (!ports.connections.of(running.processes.all).includes(socket)) return;
    lost += 1;
    response.end = () => {
      socket.destroy();
      return response;
    };
  });
  await delay(lasts);
  off();
  return `${lost} answers`;
}

/** Stands until the end of the run. */
function cutUploads({ connections, over }: FaultPorts, owner: string, times: number): string {
  let left = times;
  const off = connections.onRequest(({ request, socket }) => {
    if (left === 0 || request.method !== 'PUT' || !request.url?.includes(`/owners/${owner}/`)) return;
    left -= 1;
    request.once('data', () => socket.destroy());
  });
  over.addEventListener('abort', off, { once: true });
  return `the next ${times}`;
}
