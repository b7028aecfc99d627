import { AppError } from '../error.ts';
import { isFree, type Lease, type LeaseError } from '../lease.ts';
import { isFinal } from '../message.ts';
import {
  type MessageKey,
  mayRunAgain,
  parsePendingKey,
  pendingKey,
  type StoredMessage,
} from '../message-row.ts';
import type { MessageState } from '../ports.ts';
import { announceEnd } from './announce.ts';
import type { WakePorts } from './wake-ports.ts';

type Ports = Pick<
  WakePorts,
  'leases' | 'messages' | 'publisher' | 'courier' | 'pushCourier' | 'now' | 'log' | 'ownerHash'
>;

/** So often somebody may ring in between. */
const maxTries = 20;

/**
 * Ends a message that nobody will answer: `interrupted` when a tool has run, else `failed`.
 * Its key must have left `pending` before: a Retry that follows at once puts it there again.
 */
async function end(
  ports: Ports,
  owner: string,
  state: MessageState,
  error: LeaseError,
): Promise<StoredMessage | null> {
  const row = await ports.messages.finish(owner, state, {
    attempt: state.attempt,
    status: state.toolsRan ? 'interrupted' : 'failed',
    error,
    finishedAt: new Date(ports.now()).toISOString(),
  });
  if (!row) return null;
  ports.log({
    level: 'warn',
    what: 'message-ended',
    ...{ owner: ports.ownerHash(owner), messageId: row.id, attempt: row.attempt },
    ...{ status: row.status, code: error.code },
    ...(row.status === 'failed' && { metrics: { FailedMessages: 1 } }),
  });
  await announceEnd(ports, row);
  return row;
}

async function statesOf(ports: Ports, lease: Lease): Promise<readonly MessageState[]> {
  const keys = lease.pending.map(parsePendingKey).filter((key): key is MessageKey => key !== null);
  return keys.length === 0 ? [] : ports.messages.states(lease.owner, keys);
}

/**
 * Fails everything that waits, unless somebody acquires the lease meanwhile: then that task answers it.
 * A crash on the way leaves messages that the sweeper wakes an agent for.
 */
export async function failPending(
  ports: Ports,
  given: Lease,
  error: LeaseError,
): Promise<readonly StoredMessage[]> {
  const { owner } = given;
  let lease: Lease | null = given;
  for (let tries = 0; tries < maxTries; tries += 1) {
    if (!lease || !isFree(lease) || lease.pending.length === 0) return [];
    const open = (await statesOf(ports, lease)).filter((state) => !isFinal(state.status));
    if (await ports.leases.drop(owner, lease.pending, lease.wakeSeq)) {
      const ended = await Promise.all(open.map((state) => end(ports, owner, state, error)));
      return ended.filter((row): row is StoredMessage => row !== null);
    }
    lease = await ports.leases.get(owner);
  }
  throw new AppError('internal', { retryable: true, detail: 'messages kept coming (fail)' });
}

/**
 * After the task of the row's epoch is gone: drops what is final or deleted, and ends what must not run again by
 * itself: as `interrupted` what had used a tool, as `failed` what was cut off before. Gives the row with what still waits.
 */
export async function settlePending(ports: Ports, given: Lease): Promise<Lease> {
  const { owner, epoch } = given;
  let lease: Lease | null = given;
  for (let tries = 0; tries < maxTries; tries += 1) {
    if (!lease || lease.epoch !== epoch || lease.pending.length === 0) return lease ?? given;
    const states = await statesOf(ports, lease);
    const cutOff = states.filter(
      (state) => state.status === 'working' && !mayRunAgain(state) && (state.epoch ?? 0) <= epoch,
    );
    const waiting = new Set(
      states.filter((state) => !isFinal(state.status) && !cutOff.includes(state)).map(pendingKey),
    );
    const settled = lease.pending.filter((key) => !waiting.has(key));
    if (settled.length === 0) return lease;
    const after = await ports.leases.drop(owner, settled, lease.wakeSeq);
    if (after) {
      await Promise.all(cutOff.map((state) => end(ports, owner, state, { code: 'task.lost' })));
      return after;
    }
    lease = await ports.leases.get(owner);
  }
  throw new AppError('internal', { retryable: true, detail: 'messages kept coming (settle)' });
}
