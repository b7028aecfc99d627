import { type Capacity, capacityOrder } from '../capacity.ts';
import { emptyLease, isHeld, isOrphaned, type Lease, needsSuccessor } from '../lease.ts';
import { changeLease } from './change-lease.ts';
import { followUp, resumeStart, type WakeResult } from './start-task.ts';
import type { WakePorts } from './wake-ports.ts';

/** The providers that the owner's policy tries, in order. */
export async function orderOf(ports: WakePorts, owner: string): Promise<readonly [Capacity, ...Capacity[]]> {
  const settings = await ports.settings.get(owner);
  return capacityOrder[settings.capacity ?? ports.policy];
}

/**
 * Makes sure that a task lives or is on its way. Does nothing while the lease is held: the holder's next pull,
 * or its failing release, finds what waits; but a holder that is being stopped gets a successor. `known`: the row as just read or written.
 */
export async function wakeAgent(ports: WakePorts, owner: string, known?: Lease): Promise<WakeResult> {
  const lease = known ?? (await ports.leases.get(owner));
  if (!lease) return { lease: emptyLease(owner), failed: [] };
  const orphaned = isOrphaned(lease, ports.now());
  if (isHeld(lease, ports.now()) && !orphaned && !needsSuccessor(lease)) return { lease, failed: [] };
  const order = await orderOf(ports, owner);
  if (orphaned) return resumeStart(ports, lease, order);
  const change = await changeLease(ports, owner, { type: 'wake', order }, lease);
  return change ? followUp(ports, change, order) : { lease, failed: [] };
}
