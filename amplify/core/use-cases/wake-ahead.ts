import { type Lease, type WakeHint, wakeHints } from '../lease.ts';
import { defaultWakeAhead } from '../settings.ts';
import { changeLease } from './change-lease.ts';
import { spendingRefusal } from './spending.ts';
import { followUp } from './start-task.ts';
import { orderOf } from './wake-agent.ts';
import type { WakePorts } from './wake-ports.ts';

/**
 * Wakes the owner's agent ahead of a message that may come, as far as the owner's settings let it. Changes nothing
 * while one lives or is on its way, after a failure, and when the last wakes ahead went unused (lease.ts wakeHints).
 * Gives the lease as it then stands.
 */
export async function wakeAhead(
  ports: WakePorts,
  { owner, hint }: { owner: string; hint: WakeHint },
): Promise<Lease> {
  const [lease, settings] = await Promise.all([ports.leases.open(owner), ports.settings.get(owner)]);
  const wanted = settings.wakeAhead ?? defaultWakeAhead;
  if (wanted === 'off' || (wanted === 'typing' && hint === 'open')) return lease;
  if (await spendingRefusal(ports, owner)) return lease;
  const order = await orderOf(ports, owner);
  const change = await changeLease(ports, owner, { type: 'wakeAhead', order, hint }, lease);
  if (!change || change.events.length === 0) return change?.after ?? lease;
  ports.log({
    level: 'info',
    what: 'woken-ahead',
    owner: ports.ownerHash(owner),
    hint,
    unused: change.after.unusedWakes,
    most: wakeHints[hint],
  });
  return (await followUp(ports, change, order)).lease;
}
