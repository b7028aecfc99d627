import { AppError } from '../error.ts';
import type { Lease } from '../lease.ts';
import type { LeaseCommand } from '../lease-command.ts';
import type { TaskSession } from '../ports.ts';
import { lackedCapacity, phaseOf, stopDetail, type TaskEvent, taskIdOf } from '../task-event.ts';
import { sizeTold } from '../task-size.ts';
import { changeLease } from './change-lease.ts';
import { settlePending } from './settle-pending.ts';
import { bookTask } from './spending.ts';
import { followUp } from './start-task.ts';
import { orderOf } from './wake-agent.ts';
import type { WakePorts } from './wake-ports.ts';

/** A task younger than this may not have its session recorded yet, milliseconds. */
const recordingMs = 5 * 60_000;

const isStopped = (event: TaskEvent): boolean => event.lastStatus === 'STOPPED';

/**
 * Follows one task event. Repeated and late ones change nothing: phases only go forward, a stop frees the lease of
 * that task alone. Throws `internal` (retryable) for the stop of a task whose session is not recorded yet.
 */
export async function taskChanged(ports: WakePorts, event: TaskEvent): Promise<void> {
  const taskId = taskIdOf(event.taskArn);
  const session = await ports.sessions.get(taskId);
  if (!session) {
    const age = ports.now() - Date.parse(event.createdAt ?? '');
    ports.log({ level: 'warn', what: 'task-without-session', taskId, lastStatus: event.lastStatus });
    if (isStopped(event) && age < recordingMs) {
      throw new AppError('internal', { retryable: true, detail: 'the task has no session yet' });
    }
    return;
  }
  const isNew = await ports.sessions.note(taskId, noteOf(event, ports.now()));
  const place = { owner: ports.ownerHash(session.owner), taskId, epoch: session.epoch };
  ports.log({ level: 'info', what: 'task-changed', ...place, ...summary(event), isNew });
  // An old stop is followed all the same: the run that noted it may have died before it freed the lease.
  if (!isNew && !isStopped(event)) return;

  const lease = await ports.leases.get(session.owner);
  if (lease?.successor?.epoch === session.epoch) await successorMoved(ports, lease, session, event);
  if (lease?.epoch === session.epoch) {
    if (isStopped(event)) await taskStopped(ports, lease, session, event);
    else await taskMoved(ports, lease, session, event);
  }
  // A task that fetched no image is not billed.
  if (isStopped(event) && (event.pullStartedAt ?? event.startedAt)) {
    const stoppedAt = event.stoppedAt === undefined ? ports.now() : Date.parse(event.stoppedAt);
    await bookTask(ports, session, stoppedAt, { begin: event.pullStartedAt, size: sizeTold(event) });
  }
}

async function taskMoved(
  ports: WakePorts,
  lease: Lease,
  session: TaskSession,
  event: TaskEvent,
): Promise<void> {
  const { owner, taskId, epoch } = session;
  const phase = phaseOf(event.lastStatus);
  const order = await orderOf(ports, owner);
  const command: LeaseCommand | undefined =
    event.desiredStatus === 'STOPPED'
      ? { type: 'taskStopping', taskId, epoch, order }
      : phase && { type: 'taskProgress', taskId, epoch, phase };
  const change = command && (await changeLease(ports, owner, command, lease));
  if (change) await followUp(ports, change, order);
}

/** A successor that ends before its turn is replaced only where there was no capacity for it. */
async function successorMoved(
  ports: WakePorts,
  lease: Lease,
  session: TaskSession,
  event: TaskEvent,
): Promise<void> {
  const { owner, taskId, epoch, capacity } = session;
  if (!isStopped(event) || (lease.successor?.taskId ?? taskId) !== taskId) return;
  const order = await orderOf(ports, owner);
  const lacked = lackedCapacity(event);
  const change = await changeLease(
    ports,
    owner,
    { type: 'successorStopped', epoch, capacity, order, lacked },
    lease,
  );
  if (change) await followUp(ports, change, order);
}

async function taskStopped(
  ports: WakePorts,
  lease: Lease,
  session: TaskSession,
  event: TaskEvent,
): Promise<void> {
  const { owner, taskId, epoch, capacity } = session;
  if (lease.taskId !== undefined && lease.taskId !== taskId) return;
  const order = await orderOf(ports, owner);
  const detail = stopDetail(event);
  const isRefusal = lackedCapacity(event);
  const settled = isRefusal ? lease : await settlePending(ports, lease);
  const command: LeaseCommand = isRefusal
    ? { type: 'capacityRefused', epoch, attempt: lease.attempt ?? 1, capacity, order, detail }
    : { type: 'taskStopped', taskId, epoch, capacity, started: event.startedAt !== undefined, order, detail };
  const change = await changeLease(ports, owner, command, settled);
  // The task is gone: nobody has to stop it.
  if (change) await followUp(ports, { ...change, before: { ...change.before, taskId: undefined } }, order);
}

const noteOf = (event: TaskEvent, now: number) => ({
  version: event.version,
  runningAt: event.startedAt,
  stoppedAt: isStopped(event) ? (event.stoppedAt ?? new Date(now).toISOString()) : undefined,
  stopReason: isStopped(event) ? stopDetail(event) : undefined,
});

const summary = (event: TaskEvent) => ({
  lastStatus: event.lastStatus,
  desiredStatus: event.desiredStatus,
  stopCode: event.stopCode,
  version: event.version,
});
