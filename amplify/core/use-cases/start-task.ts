import { type Capacity, clientToken } from '../capacity.ts';
import { AppError, type ErrorCode } from '../error.ts';
import { type Lease, livingSuccessor, type Start, startOf } from '../lease.ts';
import { parsePendingKey, type StoredMessage } from '../message-row.ts';
import type { RunTaskResult } from '../ports.ts';
import type { TaskSize } from '../task-size.ts';
import { announceAgent } from './announce.ts';
import { changeLease, type LeaseChange } from './change-lease.ts';
import { failPending } from './settle-pending.ts';
import { checkSpending } from './spending.ts';
import { takeAllowance } from './take-allowance.ts';
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

type RunResult = RunTaskResult & { code?: ErrorCode };

/**
 * Calls RunTask for a start, if it may be paid for and unless the owner has had as many as a day allows, and records the
 * session of the task that came of it. Safe to repeat: the token is the start's, and an `isRepeat` was counted before.
 */
async function run(
  ports: WakePorts,
  { owner, pending }: Lease,
  start: Start,
  isRepeat = false,
): Promise<RunResult> {
  const { epoch, attempt, capacity } = start;
  const place = { owner: ports.ownerHash(owner), epoch, attempt, capacity };
  let size: TaskSize;
  let giveBack: (() => Promise<void>) | undefined;
  try {
    size = await checkSpending(ports, owner);
    if (!isRepeat) giveBack = await takeAllowance(ports, owner, 'task');
  } catch (error) {
    if (!(error instanceof AppError && /^(task\.rate_limited|spending\.|data\.erasing)/.test(error.code)))
      throw error;
    ports.log({ level: 'warn', what: 'run-task-refused', ...place, code: error.code });
    return { outcome: 'failed', reason: error.detail ?? '', code: error.code };
  }
  const result = await ports.runner.run({
    capacity,
    clientToken: clientToken({ owner, epoch, attempt, capacity }),
    startedBy: `${place.owner}-${epoch}-${attempt}`,
    size,
  });
  ports.log({
    level: result.outcome === 'started' ? 'info' : 'warn',
    what: 'run-task',
    ...place,
    ...size,
    ...result,
    // From here on a message's way is found by its task as well.
    messageIds: pending.map((key) => parsePendingKey(key)?.id),
  });
  // Of a call that failed otherwise a task may have come all the same.
  if (result.outcome === 'no-capacity') await giveBack?.();
  if (result.outcome !== 'started') return result;
  const now = ports.now();
  const session = { taskId: result.taskId, owner, epoch, capacity, startedAt: new Date(now).toISOString() };
  await ports.sessions.put(session, Math.floor((now + sessionMs) / 1000));
  return result;
}

/** Runs the task that the row waits for, on the next capacity when there is none. */
async function startTask(
  ports: WakePorts,
  lease: Lease,
  order: Order,
  isRepeat = false,
): Promise<WakeResult> {
  const start = startOf(lease);
  if (!start || lease.taskId) return { lease, failed: [] };
  const { owner } = lease;
  const [result] = await Promise.all([run(ports, lease, start, isRepeat), announceAgent(ports, lease)]);
  if (result.outcome === 'started') {
    const { taskId } = result;
    const change = await changeLease(ports, owner, { type: 'recordTask', taskId, ...start }, lease);
    if (change?.after.taskId !== taskId) await stopTask(ports, owner, taskId, 'superseded');
    return { lease: change?.after ?? lease, failed: [] };
  }
  const change = await changeLease(
    ports,
    owner,
    result.outcome === 'no-capacity'
      ? { type: 'capacityRefused', order, detail: result.reason, ...start }
      : { type: 'startFailed', ...failure(result), ...start },
    lease,
  );
  return change ? followUp(ports, change, order) : { lease, failed: [] };
}

const failure = ({ code, reason }: { code?: ErrorCode; reason: string }) => ({
  ...(code ? { code } : {}),
  detail: reason,
});

/** Runs the successor that the row asks for, on the next capacity when there is none. */
async function startSuccessor(ports: WakePorts, lease: Lease, order: Order): Promise<WakeResult> {
  const start = livingSuccessor(lease);
  if (!start || start.taskId) return { lease, failed: [] };
  const { owner } = lease;
  const { epoch, attempt, capacity } = start;
  const result = await run(ports, lease, start);
  if (result.outcome !== 'started') {
    const lacked = result.outcome === 'no-capacity';
    const change = await changeLease(ports, owner, {
      type: 'successorStopped',
      epoch,
      capacity,
      order,
      lacked,
    });
    return change ? followUp(ports, change, order) : { lease, failed: [] };
  }
  const { taskId } = result;
  const recorded = { taskId, epoch, attempt, capacity };
  // Its turn may have come already: it is the holder then.
  const successor = await changeLease(ports, owner, { type: 'recordSuccessor', ...recorded }, lease);
  if (successor?.after.successor?.taskId === taskId) return { lease: successor.after, failed: [] };
  const holder = await changeLease(ports, owner, { type: 'recordTask', ...recorded });
  if (holder?.after.taskId !== taskId) await stopTask(ports, owner, taskId, 'superseded');
  return { lease: holder?.after ?? lease, failed: [] };
}

/** Does what a change of the lease asks for: stop what it names no more, run what it waits for, fail what waits, tell the pages. */
export async function followUp(ports: WakePorts, change: LeaseChange, order: Order): Promise<WakeResult> {
  const { before, after, events } = change;
  if (events.length === 0) return { lease: after, failed: [] };
  const stopping = namedBy(before).filter((taskId) => !namedBy(after).includes(taskId));
  const happened = new Set(events.map(({ type }) => type));
  const stops = stopping.map((taskId) => stopTask(ports, after.owner, taskId, 'superseded'));
  if (happened.has('acquired') || happened.has('capacityChanged')) {
    const [result] = await Promise.all([startTask(ports, after, order), ...stops]);
    return result;
  }
  await Promise.all([announceAgent(ports, after), ...stops]);
  if (happened.has('successorRequested')) return startSuccessor(ports, after, order);
  const gaveUp = events.find((event) => event.type === 'gaveUp');
  return { lease: after, failed: gaveUp ? await failPending(ports, after, gaveUp.error) : [] };
}

/** The tasks that a row knows of. */
const namedBy = ({ taskId, successor }: Lease): string[] =>
  [taskId, successor?.taskId].filter((id) => id !== undefined);

/** Repeats a start whose function died before the task was recorded. */
export const resumeStart = (ports: WakePorts, lease: Lease, order: Order): Promise<WakeResult> =>
  startTask(ports, lease, order, true);
