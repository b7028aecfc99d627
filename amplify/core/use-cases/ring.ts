import { AppError } from '../error.ts';
import type { Lease } from '../lease.ts';
import { maxPending } from '../message.ts';
import { type MessageKey, pendingKey, type StoredMessage } from '../message-row.ts';
import { announceEnd, announceMessage } from './announce.ts';
import { wakeAgent } from './wake-agent.ts';
import type { WakePorts } from './wake-ports.ts';

const isFull = (lease: Lease | null, key: string): boolean =>
  lease !== null && lease.pending.length >= maxPending && !lease.pending.includes(key);

/** Throws `message.queue_full` while nothing is stored yet. */
export async function checkRoom(ports: WakePorts, owner: string, key: MessageKey): Promise<void> {
  if (isFull(await ports.leases.get(owner), pendingKey(key))) {
    throw new AppError('message.queue_full', { retryable: true, detail: `${maxPending} wait` });
  }
}

/**
 * Puts a stored, queued message where the agent finds it, tells pages and task, and wakes an agent unless one lives.
 * Gives the message: failed, when no agent can be had or fifty others were faster.
 */
export async function ring(ports: WakePorts, row: StoredMessage): Promise<StoredMessage> {
  let lease: Lease;
  try {
    lease = await ports.leases.ring(row.owner, pendingKey(row), maxPending);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'message.queue_full')) throw error;
    // Stored already, so it is not taken back: a resend of the same message may just be getting in.
    const failed = await ports.messages.finish(row.owner, row, {
      attempt: row.attempt,
      status: 'failed',
      error: { code: 'message.queue_full' },
      finishedAt: new Date(ports.now()).toISOString(),
    });
    if (failed) await announceEnd(ports, failed);
    return failed ?? row;
  }
  // First accepted, then perhaps failed: pages hear it in this order.
  await announceMessage(ports, 'message.accepted', row);
  const wake = await wakeAgent(ports, row.owner, lease);
  return wake.failed.find((each) => pendingKey(each) === pendingKey(row)) ?? row;
}
