import { type Capacity, clientToken } from '../capacity.ts';
import { type Lease, startOf } from '../lease.ts';
import { parsePendingKey, type StoredMessage } from '../message-row.ts';
import { announceAgent } from './announce.ts';
import { changeLease, type LeaseChange } from './change-lease.ts';
import { failPending } from './settle-pending.ts';
import type { WakePorts } from './wake-ports.ts';

/** A session outlives any task; a stopped task's session is refused by its `stoppedAt`, milliseconds. */
const sessionMs = 30 * 24 * 60 * 60_000;

/** `failed`: messages that were given up because no task could be had. */
export interface WakeResult {
  lease: Lease;
  failed: readonly StoredMessage[];
}

type Order = readonly [Capacity, ...Capacity[]];

/** Stops a task that nobody waits for. A failure is left to the sweeper. */
export async function stopTask(
  ports: WakePorts,
  owner: string,
  taskId: string,
  reason: string,
): Promise<void> {
  try {
    await ports.runner.stop(taskId, reason);
    ports.log({ level: 'info', what: 'task-stopped', owner: ports.ownerHash(owner), taskId, reason });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    ports.log({ level: 'error', what: 'stop-failed', owner: ports.ownerHash(owner), taskId, error: message });
  }
}

/** Runs the task that the row waits for, on the next capacity when there is none. Safe to repeat: the token is the start's. */
async function startTask(ports: WakePorts, lease: Lease, order: Order): Promise<WakeResult> {
  const start = startOf(lease);
  if (!start || lease.taskId) return { lease, failed: [] };
  const owner = lease.owner;
  const place = { owner: ports.ownerHash(owner), ...start };
  const startedBy = `${place.owner}-${start.epoch}-${start.attempt}`;
  const [result] = await Promise.all([
    ports.runner.run({ capacity: start.capacity, clientToken: clientToken({ owner, ...start }), startedBy }),
    announceAgent(ports, lease),
  ]);
  ports.log({
    level: result.outcome === 'started' ? 'info' : 'warn',
    what: 'run-task',
    ...place,
    ...result,
    // From here on a message's way is found by its task as well.
    messageIds: lease.pending.map((key) => parsePendingKey(key)?.id),
  });

  if (result.outcome === 'started') {
    const { taskId } = result;
    const now = ports.now();
    const startedAt = new Date(now).toISOString();
    const { epoch, capacity } = start;
    await ports.sessions.put(
      { taskId, owner, epoch, capacity, startedAt },
      Math.floor((now + sessionMs) / 1000),
    );
    const change = await changeLease(ports, owner, { type: 'recordTask', taskId, ...start }, lease);
    if (change?.after.taskId !== taskId) await stopTask(ports, owner, taskId, 'superseded');
    return { lease: change?.after ?? lease, failed: [] };
  }
  const change = await changeLease(
    ports,
    owner,
    result.outcome === 'no-capacity'
      ? { type: 'capacityRefused', order, detail: result.reason, ...start }
      : { type: 'startFailed', detail: result.reason, ...start },
    lease,
  );
  return change ? followUp(ports, change, order) : { lease, failed: [] };
}

/** Does what a change of the lease asks for: stop the former task, run a new one, fail what waits, tell the pages. */
export async function followUp(ports: WakePorts, change: LeaseChange, order: Order): Promise<WakeResult> {
  const { before, after, events } = change;
  if (events.some((event) => event.type === 'acquired' || event.type === 'capacityChanged')) {
    const [result] = await Promise.all([
      startTask(ports, after, order),
      before.taskId ? stopTask(ports, after.owner, before.taskId, 'superseded') : undefined,
    ]);
    return result;
  }
  const gaveUp = events.find((event) => event.type === 'gaveUp');
  if (events.length > 0) await announceAgent(ports, after);
  return { lease: after, failed: gaveUp ? await failPending(ports, after, gaveUp.error) : [] };
}

/** Repeats a start whose function died before the task was recorded. */
export const resumeStart = (ports: WakePorts, lease: Lease, order: Order): Promise<WakeResult> =>
  startTask(ports, lease, order);
