import { AppError } from '../error.ts';
import type { Lease } from '../lease.ts';
import { decide, type LeaseCommand } from '../lease-command.ts';
import { evolve, type LeaseEvent } from '../lease-event.ts';
import type { Clock, LeaseStore } from '../ports.ts';

/** What became of a command: the row before and after it. No events: nothing was to be changed. */
export interface LeaseChange {
  before: Lease;
  after: Lease;
  events: readonly LeaseEvent[];
}

/** So often somebody else may be faster; each time one of them got on. */
const maxTries = 20;

/**
 * Decides a command on the row as it stands and stores what it changes; decides anew when the row moved meanwhile.
 * `known`: the row as just read or written. Gives null for an owner without a row.
 */
export async function changeLease(
  ports: { leases: LeaseStore; now: Clock },
  owner: string,
  command: LeaseCommand,
  known?: Lease,
): Promise<LeaseChange | null> {
  let before = known ?? (await ports.leases.get(owner));
  for (let tries = 0; before && tries < maxTries; tries += 1) {
    const events = decide(before, command, ports.now());
    if (events.length === 0) return { before, after: before, events };
    const after = await ports.leases.move(before, events.reduce(evolve, before));
    if (after) return { before, after, events };
    before = await ports.leases.get(owner);
  }
  if (!before) return null;
  throw new AppError('internal', { retryable: true, detail: `the lease kept changing (${command.type})` });
}
