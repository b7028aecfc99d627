import {
  accountSettleMs,
  type OwnedStore,
  type OwnerErasureStore,
  type OwnerMark,
  settleMs,
} from '../erasure.ts';
import { AppError } from '../error.ts';
import { ownedModels, ownedRowsOf } from '../owned.ts';
import type { Clock, LeaseStore, Log, OwnerHash, SecretStore, TaskRunner } from '../ports.ts';
import { providerKeyName } from '../provider-key.ts';

export interface EraseOwnerPorts {
  marks: OwnerErasureStore;
  owned: OwnedStore;
  leases: Pick<LeaseStore, 'get' | 'clear'>;
  runner: Pick<TaskRunner, 'stop'>;
  secrets: Pick<SecretStore, 'remove'>;
  now: Clock;
  log: Log;
  ownerHash: OwnerHash;
}

/** So often somebody else may be faster. */
const maxTries = 20;

/**
 * Marks all that an owner has as to be erased, and begins with it. From the mark on no message is taken and no task is
 * started for them (use-cases/spending.ts), and whatever happens the sweeper has it done.
 */
export async function eraseAll(
  ports: EraseOwnerPorts,
  { owner, takesAccount }: { owner: string; takesAccount: boolean },
  deadline: number,
): Promise<OwnerMark> {
  const mark = await ports.marks.mark(owner, ports.now(), takesAccount);
  ports.log({ level: 'info', what: 'erasure-asked', owner: ports.ownerHash(owner), takesAccount });
  try {
    await eraseOwner(ports, owner, deadline);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    ports.log({ level: 'error', what: 'erasure-failed', owner: ports.ownerHash(owner), error: message });
  }
  return mark;
}

/**
 * Erases what an owner has who is marked for it: once at once, and again when nothing begun before can write any more;
 * then the mark goes. Stops at `deadline` (milliseconds since 1970) and goes on when it is called again. Does nothing for
 * an owner who is not marked.
 */
export async function eraseOwner(ports: EraseOwnerPorts, owner: string, deadline: number): Promise<void> {
  const mark = await ports.marks.get(owner);
  if (!mark) return;
  const settled = Date.parse(mark.since) + (mark.takesAccount ? accountSettleMs : settleMs);
  const isLast = ports.now() >= settled;
  await endAgent(ports, owner);
  const erased = await eraseRows(ports, owner, mark, isLast, deadline);
  if (erased === null) return;
  for (let more = true; more; more = await ports.owned.removeFiles(owner)) {
    if (ports.now() >= deadline) return;
  }
  await ports.secrets.remove(providerKeyName(owner));
  ports.log({ level: 'info', what: 'owner-erased', owner: ports.ownerHash(owner), rows: erased, isLast });
  if (isLast) await ports.marks.close(owner);
  else await ports.marks.postpone(owner, settled);
}

/** Takes the lease from whoever holds it, so that nothing of theirs is taken any more, and stops their tasks. */
async function endAgent(ports: EraseOwnerPorts, owner: string): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const lease = await ports.leases.get(owner);
    if (!lease) return;
    if (!(await ports.leases.clear(lease))) continue;
    for (const taskId of [lease.taskId, lease.successor?.taskId]) {
      if (taskId !== undefined) await ports.runner.stop(taskId, 'its owner erases everything');
    }
    return;
  }
  throw new AppError('internal', { retryable: true, detail: 'the lease kept changing (erase)' });
}

/** Gives how many rows went; null when the time was over before all had. */
async function eraseRows(
  ports: EraseOwnerPorts,
  owner: string,
  mark: OwnerMark,
  isLast: boolean,
  deadline: number,
): Promise<number | null> {
  let erased = 0;
  for (const model of ownedModels) {
    const { last, stays } = ownedRowsOf(model);
    if (last && !isLast) continue;
    for await (const page of ports.owned.rows(owner, model)) {
      const keys = page.filter((key) => mark.takesAccount || !stays?.(key, ports.now()));
      await ports.owned.remove(model, keys);
      erased += keys.length;
      if (ports.now() >= deadline) return null;
    }
  }
  return erased;
}
