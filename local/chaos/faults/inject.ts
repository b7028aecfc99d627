import { taskIdOf } from '../../cloud/ecs/task.ts';
import type { PlannedFault } from '../plan.ts';
import { lackCapacity } from './capacity.ts';
import { fillDisk } from './disk.ts';
import { mixEvents } from './events.ts';
import { type FaultPorts, type Hit, hit, target } from './fault-ports.ts';
import { cutSockets, cutTransfers, loseReplies } from './network.ts';
import { freeze, killFunction, killProcess } from './processes.ts';
import { strikeSuccessor } from './successor.ts';

/** Does the fault. Resolves when it is over, or stands. */
export async function inject(ports: FaultPorts, fault: PlannedFault): Promise<Hit> {
  switch (fault.kind) {
    case 'kill-bridge':
      return killProcess(ports, 'bridge');
    case 'kill-agent':
      return killProcess(ports, 'agent');
    case 'kill-function':
      return killFunction(ports, fault);
    case 'spot-notice':
      return spotNotice(ports);
    case 'strike-successor':
      return strikeSuccessor(ports, fault);
    case 'freeze':
      return freeze(ports, fault.wakes);
    case 'no-capacity':
      return lackCapacity(ports, fault);
    case 'repeat-event':
      return hit(ports.tasks.repeat(fault.which));
    case 'mix-events':
      return mixEvents(ports, fault);
    case 'cut-sockets':
      return cutSockets(ports);
    case 'lose-replies':
      return loseReplies(ports, fault.answers);
    case 'cut-transfers':
      return cutTransfers(ports, fault);
    case 'fill-disk':
      return fillDisk(ports, fault.lasts);
    case 'skew-clock':
      ports.tasks.skew(fault.by);
      return () => (ports.tasks.skewed === 0 ? undefined : `${fault.by / 1_000} s`);
  }
}

async function spotNotice(ports: FaultPorts): Promise<Hit> {
  const running = await target(ports);
  if (running?.task.capacityProviderName !== 'FARGATE_SPOT') return hit(undefined);
  ports.stack.cloud.ecs.interruptSpot(running.task.taskArn);
  return hit(taskIdOf(running.task.taskArn).slice(0, 6));
}
