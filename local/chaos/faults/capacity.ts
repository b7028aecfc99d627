import { shortNameOf } from '../owner-tasks.ts';
import type { PlannedFault } from '../plan.ts';
import type { Stack } from '../stack.ts';
import type { FaultPorts, Hit } from './fault-ports.ts';

type Shortage = Pick<Extract<PlannedFault, { kind: 'no-capacity' }>, 'shape' | 'providers'>;
type Ports = Pick<FaultPorts, 'stack' | 'tasks' | 'owner' | 'over'>;

/**
 * Takes capacity away from the owner's starts, until `starts` of them have met that, `giveBack` is called or the run is
 * over. `refused`: how many have.
 */
export function withoutCapacity(
  { stack, tasks, owner, over }: Ports,
  { shape, providers }: Shortage,
  starts = Number.POSITIVE_INFINITY,
): { refused(): number; giveBack(): void } {
  const set = (capacity: 'available' | typeof shape) => {
    const all = Object.fromEntries(providers.map((provider) => [provider, capacity]));
    stack.cloud.ecs.setCapacity(all, `${shortNameOf(owner)}-`);
  };
  let refused = 0;
  const refuse = () => {
    refused += 1;
    if (refused >= starts) giveBack();
  };
  const offs = [onRefusal(stack, owner, refuse), tasks.onNotStarted(refuse)];
  const giveBack = () => {
    for (const off of offs) off();
    set('available');
  };
  over.addEventListener('abort', giveBack, { once: true });
  set(shape);
  return { refused: () => refused, giveBack };
}

/** The functions say in their log what RunTask answered them. */
function onRefusal(stack: Stack, owner: string, listener: () => void): () => void {
  const name = shortNameOf(owner);
  return stack.onLog(({ service, event, line }) => {
    if (service !== 'lambda' || event !== 'output') return;
    const text = String(line);
    if (text.includes('"no-capacity"') && text.includes(name)) listener();
  });
}

/** Stands until so many starts have met it. */
export function lackCapacity(ports: Ports, fault: Shortage & { starts: number }): Hit {
  const shortage = withoutCapacity(ports, fault, fault.starts);
  return () => {
    const refused = shortage.refused();
    return refused === 0 ? undefined : `${fault.shape} ${fault.providers}: ${refused} starts`;
  };
}
