import type { DeliveryStore } from '../channel/channel-ports.ts';
import type { Eraser, Erasure, ErasureStore, OwnerErasureStore } from '../erasure.ts';
import { isFree, isHeld, type Lease } from '../lease.ts';
import { isFinal, maxPending } from '../message.ts';
import { type MessageKey, pendingKey } from '../message-row.ts';
import type { FileFetcher, TaskInfo } from '../ports.ts';
import { changeLease } from './change-lease.ts';
import { fetchFiles } from './fetch-files.ts';
import { settlePending } from './settle-pending.ts';
import { bookTask } from './spending.ts';
import { followUp, stopTask } from './start-task.ts';
import { orderOf, wakeAgent } from './wake-agent.ts';
import type { WakePorts } from './wake-ports.ts';

/** A queued message younger than this is still on its way, milliseconds. */
const unansweredMs = 2 * 60_000;
/** A start takes this long at most; ECS may still be at it when the lease has run out, milliseconds. */
const startMs = 10 * 60_000;
/** A task younger than this may not be recorded yet, milliseconds. */
const recordingMs = 3 * 60_000;
/** A task that has been asked to leave and finds no quiet moment is stopped after this, milliseconds. */
const leavingMs = 30 * 60_000;
/** Rows looked at in one run, oldest first; the next run goes on. */
const batch = 100;

/** What a run found. `failures`: owners or tasks for which it failed; they are logged and met again by the next run. */
export interface SweepResult {
  expired: number;
  unanswered: number;
  leaked: number;
  /** Running tasks whose cost so far was booked. */
  booked: number;
  undelivered: number;
  /** Deleted conversations, and owners who erase everything, whose erasure was due. */
  erasing: number;
  /** Tasks that have been up for too long: asked to leave, later stopped. */
  overdue: number;
  failures: number;
}

export interface SweepPorts extends WakePorts {
  /** Messages that came by a channel and whose answers have not been brought there. */
  outbox: Pick<DeliveryStore, 'overdue'>;
  erasures: Pick<ErasureStore, 'due'>;
  marks: Pick<OwnerErasureStore, 'due'>;
  eraser: Eraser;
  fetcher: FileFetcher;
  /** A task may be up for this long, milliseconds. */
  longestMs: number;
}

/**
 * Mends what crashes leave behind: expired leases, messages that nobody answers, tasks that nobody waits for, answers
 * that nobody brought, erasures that came to no end. Ends sessions that are too long. Books what running tasks have cost so far, so that the caps see
 * a long one before it ends.
 */
export async function sweep(ports: SweepPorts): Promise<SweepResult> {
  const result: SweepResult = {
    ...{
      expired: 0,
      unanswered: 0,
      leaked: 0,
      overdue: 0,
      booked: 0,
      undelivered: 0,
      erasing: 0,
      failures: 0,
    },
  };
  const attempt = async (what: string, work: () => Promise<boolean>, count: keyof SweepResult) => {
    try {
      if (!(await work())) return false;
      result[count] += 1;
      return true;
    } catch (error) {
      result.failures += 1;
      const message = error instanceof Error ? error.message : String(error);
      ports.log({ level: 'error', what: 'sweep-failed', step: count, subject: what, error: message });
      return false;
    }
  };
  const tasks = new Map((await ports.runner.list()).map((task) => [task.taskId, task]));
  const alive = tasks.size;

  for (const owner of await ports.leases.expired(ports.now(), batch)) {
    await attempt(ports.ownerHash(owner), () => expireLease(ports, owner, tasks), 'expired');
  }
  for (const [owner, keys] of await unansweredByOwner(ports)) {
    await attempt(ports.ownerHash(owner), () => answer(ports, owner, keys), 'unanswered');
  }
  for (const task of tasks.values()) {
    const isLeaked = await attempt(task.taskId, () => stopLeaked(ports, task), 'leaked');
    if (!isLeaked) await attempt(task.taskId, () => endOverdue(ports, task), 'overdue');
    await attempt(task.taskId, () => bookSoFar(ports, task), 'booked');
  }
  for (const { owner, ...key } of await ports.outbox.overdue(ports.now(), batch)) {
    await attempt(ports.ownerHash(owner), () => redeliver(ports, owner, key), 'undelivered');
  }
  const owners = (await ports.marks.due(ports.now(), batch)).map((owner): Erasure => ({ owner }));
  for (const erasure of [...owners, ...(await ports.erasures.due(ports.now(), batch))]) {
    await attempt(ports.ownerHash(erasure.owner), () => erase(ports, erasure), 'erasing');
  }
  ports.log({
    level: result.failures > 0 ? 'error' : 'info',
    what: 'swept',
    ...result,
    metrics: { RunningTasks: alive },
  });
  return result;
}

async function expireLease(ports: WakePorts, owner: string, tasks: Map<string, TaskInfo>): Promise<boolean> {
  const lease = await ports.leases.get(owner);
  const now = ports.now();
  if (!lease || isFree(lease) || isHeld(lease, now)) return false;
  const task = lease.taskId === undefined ? undefined : tasks.get(lease.taskId);
  const isStarting = task !== undefined && task.lastStatus !== 'RUNNING' && lease.state === 'waking';
  if (isStarting && now - task.createdAt < startMs) return false;
  const order = await orderOf(ports, owner);
  const change = await changeLease(
    ports,
    owner,
    { type: 'expire', order },
    await settlePending(ports, lease),
  );
  if (!change || change.events.length === 0) return false;
  // Whoever is not the holder any more is stopped by this.
  if (task) tasks.delete(task.taskId);
  await followUp(ports, change, order);
  return true;
}

async function unansweredByOwner(ports: WakePorts): Promise<Map<string, MessageKey[]>> {
  const before = new Date(ports.now() - unansweredMs).toISOString();
  const byOwner = new Map<string, MessageKey[]>();
  for (const { owner, ...key } of await ports.messages.unanswered(before, batch)) {
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), key]);
  }
  return byOwner;
}

async function answer(ports: SweepPorts, owner: string, keys: readonly MessageKey[]): Promise<boolean> {
  let lease: Lease | null = await ports.leases.get(owner);
  const unknown = keys.filter((key) => !lease?.pending.includes(pendingKey(key)));
  const states = unknown.length === 0 ? [] : await ports.messages.states(owner, unknown);
  const open = states.filter((state) => !isFinal(state.status));
  for (const state of open) {
    if (lease && lease.pending.length >= maxPending) break;
    lease = await ports.leases.ring(owner, pendingKey(state), maxPending);
  }
  // Whoever was to fetch their files may have died over it.
  const stored = await Promise.all(keys.map((key) => ports.messages.get(owner, key)));
  for (const row of stored) if (row && !isFinal(row.status)) await fetchFiles(ports, row);
  // A holder finds them by its next pull; one whose lease ran out was dealt with before, or is still starting.
  if (!lease || !isFree(lease)) return open.length > 0;
  lease = await settlePending(ports, lease);
  if (lease.pending.length === 0) return false;
  await wakeAgent(ports, owner, lease);
  return true;
}

async function redeliver(ports: SweepPorts, owner: string, key: MessageKey): Promise<boolean> {
  await ports.courier.send(owner, key);
  return true;
}

async function erase(ports: SweepPorts, erasure: Erasure): Promise<boolean> {
  await ports.eraser.erase(erasure);
  return true;
}

/**
 * Asks a task that has been up for too long to leave as soon as it is quiet, and stops it if it finds no such moment:
 * it saves then, hands over what it is about, and a successor goes on.
 */
async function endOverdue(ports: SweepPorts, task: TaskInfo): Promise<boolean> {
  const age = ports.now() - task.createdAt;
  if (age < ports.longestMs) return false;
  const session = await ports.sessions.get(task.taskId);
  if (!session) return false;
  const { owner, epoch, taskId } = session;
  if (age >= ports.longestMs + leavingMs) {
    await stopTask(ports, owner, taskId, 'the longest session is over');
    return true;
  }
  const order = await orderOf(ports, owner);
  const change = await changeLease(ports, owner, { type: 'askToLeave', epoch, taskId });
  if (!change || change.events.length === 0) return false;
  await followUp(ports, change, order);
  return true;
}

async function stopLeaked(ports: WakePorts, task: TaskInfo): Promise<boolean> {
  if (ports.now() - task.createdAt < recordingMs) return false;
  const session = await ports.sessions.get(task.taskId);
  const lease = session && (await ports.leases.get(session.owner));
  if (lease?.taskId === task.taskId || lease?.successor?.taskId === task.taskId) return false;
  await stopTask(ports, session?.owner ?? '', task.taskId, 'nobody waits for it');
  return true;
}

async function bookSoFar(ports: WakePorts, task: TaskInfo): Promise<boolean> {
  const session = task.lastStatus === 'RUNNING' && (await ports.sessions.get(task.taskId));
  if (!session || session.stoppedAt) return false;
  await bookTask(ports, session, ports.now(), { begin: session.runningAt, size: task.size });
  return true;
}
