import { setTimeout as delay } from 'node:timers/promises';
import { type Task, taskIdOf } from '../../cloud/ecs/task.ts';
import { signal } from '../../cloud/processes.ts';
import type { PlannedFault, Provider } from '../plan.ts';
import { processesOf } from '../task-processes.ts';
import { withoutCapacity } from './capacity.ts';
import { type FaultPorts, type Hit, hit, soon, target } from './fault-ports.ts';
import { killFunction } from './processes.ts';

type Strike = Extract<PlannedFault, { kind: 'strike-successor' }>;

const everywhere: readonly Provider[] = ['FARGATE_SPOT', 'FARGATE'];

/**
 * A Spot notice to a task that has something to do, so that a successor is started beside it; and then what is to befall
 * the successor: that it can't be had, that the function dies which starts it, that it dies while it boots or waits, or
 * that it gets a Spot notice too, while the one before it leaves.
 */
export async function strikeSuccessor(ports: FaultPorts, strike: Strike): Promise<Hit> {
  const { stack, tasks } = ports;
  const holder = await busyHolder(ports);
  if (!holder) return hit(undefined);
  const notice = () => stack.cloud.ecs.interruptSpot(holder.task.taskArn);
  const place = () => (tasks.living.includes(holder.task) ? 'while the one before it leaves' : 'alone');
  switch (strike.blow) {
    case 'none':
    case 'stops-at-start': {
      const shortage = withoutCapacity(ports, { shape: strike.blow, providers: everywhere });
      notice();
      await soon(ports, () => shortage.refused() > 0 || undefined);
      const where = place();
      await delay(strike.delay);
      shortage.giveBack();
      return hit(shortage.refused() === 0 ? undefined : `could not be had, ${where}`);
    }
    case 'kill-start': {
      const killed = killFunction(ports, { name: 'task-changed', calls: strike.calls });
      notice();
      return killed;
    }
    case 'kill-bridge':
    case 'spot-notice': {
      notice();
      const next = await soon(ports, () => tasks.after(holder.epoch));
      if (!next) return hit(undefined);
      await delay(strike.delay);
      const what = strike.blow === 'kill-bridge' ? await killBridge(ports, next) : interrupt(ports, next);
      return hit(what && `${what} ${taskIdOf(next.taskArn).slice(0, 6)}, ${place()}`);
    }
  }
}

/** A task on Spot that holds the lease and that somebody waits for. */
async function busyHolder(ports: FaultPorts): Promise<{ task: Task; epoch: number } | undefined> {
  const running = await target(ports, ({ agent }) => agent !== undefined);
  if (running?.task.capacityProviderName !== 'FARGATE_SPOT') return undefined;
  return soon(ports, async () => {
    const lease = await ports.stack.tables.lease(ports.owner);
    const isBusy = lease?.state === 'awake' && lease.pending.length > 0;
    return isBusy && lease.taskId === taskIdOf(running.task.taskArn)
      ? { task: running.task, epoch: lease.epoch }
      : undefined;
  });
}

async function killBridge(ports: FaultPorts, { taskArn }: Task): Promise<string | undefined> {
  const bridge = await soon(ports, () => {
    const outermost = ports.stack.cloud.ecs.pidOf(taskArn);
    return outermost === undefined ? undefined : processesOf(outermost).bridge;
  });
  if (bridge === undefined) return undefined;
  signal(bridge, 'SIGKILL');
  return 'killed';
}

function interrupt({ stack, tasks }: FaultPorts, task: Task): string | undefined {
  if (task.capacityProviderName !== 'FARGATE_SPOT' || !tasks.living.includes(task)) return undefined;
  stack.cloud.ecs.interruptSpot(task.taskArn);
  return 'notice to';
}
