import { type WakePhase, wakePhases } from './agent.ts';
import type { Capacity } from './capacity.ts';
import type { ErrorCode } from './error.ts';
import {
  highestEpoch,
  isFree,
  isHeld,
  type Lease,
  type LeaseError,
  livingSuccessor,
  maxAttempts,
  needsSuccessor,
  provenMs,
  type Start,
  type Successor,
  type WakeHint,
  wakeHints,
} from './lease.ts';
import type { LeaseEvent } from './lease-event.ts';

type Order = readonly [Capacity, ...Capacity[]];

/** `order`: capacity.ts capacityOrder of the owner's policy. */
export type LeaseCommand =
  /** Somebody waits: acquire unless a task holds the lease. */
  | { type: 'wake'; order: Order }
  /** Somebody may write soon: acquire a lease that is free, unless the last starts failed or went unused. */
  | { type: 'wakeAhead'; order: Order; hint: WakeHint }
  /** RunTask gave this task for the start. */
  | ({ type: 'recordTask'; taskId: string } & Start)
  /** There was no capacity for the start, by RunTask's answer or by a task that never started. */
  | ({ type: 'capacityRefused'; order: Order; detail?: string } & Start)
  /** The start failed, or may not be, in a way that trying again will not help. */
  | ({ type: 'startFailed'; code?: ErrorCode; detail?: string } & Start)
  | { type: 'taskProgress'; epoch: number; taskId: string; phase: WakePhase }
  /** ECS is about to stop the task (Spot interruption, StopTask, its own end). */
  | { type: 'taskStopping'; epoch: number; taskId: string; order: Order }
  /** RunTask gave this task for the successor. */
  | ({ type: 'recordSuccessor'; taskId: string } & Start)
  /** The successor stopped, or could not be started; `lacked`: there was no capacity. */
  | ({ type: 'successorStopped'; order: Order; lacked: boolean } & Omit<Start, 'attempt'>)
  /** `started`: its container ran. */
  | {
      type: 'taskStopped';
      epoch: number;
      taskId: string;
      capacity: Capacity;
      started: boolean;
      order: Order;
      detail?: string;
    }
  /** The task has been up for as long as one may: it is to leave as soon as it is quiet. */
  | { type: 'askToLeave'; epoch: number; taskId: string }
  /** Nobody has renewed the lease. */
  | { type: 'expire'; order: Order };

const isSameStart = (state: Lease, start: Start): boolean =>
  state.state === 'waking' &&
  state.epoch === start.epoch &&
  state.attempt === start.attempt &&
  state.capacity === start.capacity;

const fault = (code: ErrorCode, detail: string | undefined): LeaseError =>
  detail === undefined ? { code } : { code, detail };

/** Starts one after another that none of the messages outlived; a task that served for long begins the count anew. */
function nextAttempt(state: Lease, now: number): number | undefined {
  const proven = state.state !== 'waking' && now - Date.parse(state.wakeStartedAt ?? '') > provenMs;
  const attempt = proven ? 1 : (state.attempt ?? 0) + 1;
  return attempt <= maxAttempts ? attempt : undefined;
}

const acquire = (state: Lease, attempt: number, capacity: Capacity, now: number) => ({
  type: 'acquired' as const,
  epoch: highestEpoch(state) + 1,
  attempt,
  capacity,
  at: now,
});

/** Without anybody who waits, nothing has failed: the agent sleeps on. */
const giveUp = (state: Lease, error: LeaseError): LeaseEvent =>
  state.pending.length === 0 ? { type: 'freed' } : { type: 'gaveUp', error };

/** Does somebody wait for a task, or want one to stay? */
const isWanted = (state: Lease, now: number): boolean =>
  state.pending.length > 0 || Date.parse(state.keepAwakeUntil ?? '') > now;

/** Somebody is to follow: the successor that was started already, or a new one. */
function follow(state: Lease, attempt: number, capacity: Capacity, now: number): LeaseEvent {
  const next = livingSuccessor(state);
  if (next?.taskId !== undefined) return { type: 'succeeded', at: now };
  // The successor's own start, with its token: whoever was about to record its task finds that it holds the lease.
  if (next)
    return { type: 'acquired', epoch: next.epoch, attempt: next.attempt, capacity: next.capacity, at: now };
  return acquire(state, attempt, capacity, now);
}

/** A holder that is being stopped gets one successor, which boots meanwhile. */
function prepare(state: Lease, order: Order, now: number): LeaseEvent[] {
  const attempt = nextAttempt(state, now);
  if (state.successor || attempt === undefined) return [];
  return [{ type: 'successorRequested', epoch: state.epoch + 1, attempt, capacity: order[0], at: now }];
}

/** The holder is gone: free the lease, or let another follow for what waits, or give up after maxAttempts. */
function afterLoss(
  state: Lease,
  order: Order,
  started: boolean,
  detail: string | undefined,
  now: number,
): LeaseEvent[] {
  if (!isWanted(state, now)) return [{ type: 'freed' }];
  const attempt = nextAttempt(state, now);
  if (attempt !== undefined) return [follow(state, attempt, order[0], now)];
  const code = state.state !== 'waking' ? 'task.lost' : started ? 'agent.start_failed' : 'task.start_failed';
  return [giveUp(state, state.error ?? fault(code, detail))];
}

/**
 * What a command changes at a time. An empty list: nothing, because somebody else is the holder,
 * because it was said before, or because it comes too late.
 */
export function decide(state: Lease, command: LeaseCommand, now: number): LeaseEvent[] {
  switch (command.type) {
    case 'wake':
      if (!isHeld(state, now)) return [follow(state, 1, command.order[0], now)];
      return needsSuccessor(state) ? prepare(state, command.order, now) : [];
    case 'wakeAhead': {
      const isAllowed = state.state === 'asleep' && (state.unusedWakes ?? 0) < wakeHints[command.hint];
      return isFree(state) && isAllowed ? [{ ...acquire(state, 1, command.order[0], now), ahead: true }] : [];
    }
    case 'recordTask':
      return isSameStart(state, command) && state.taskId === undefined
        ? [{ type: 'taskRecorded', taskId: command.taskId }]
        : [];
    case 'capacityRefused': {
      if (!isSameStart(state, command)) return [];
      const next = command.order[command.order.indexOf(command.capacity) + 1];
      return next === undefined
        ? [giveUp(state, fault('task.no_capacity', command.detail))]
        : [{ type: 'capacityChanged', capacity: next, at: now }];
    }
    case 'startFailed':
      return isSameStart(state, command) && state.taskId === undefined
        ? [giveUp(state, fault(command.code ?? 'task.start_failed', command.detail))]
        : [];
    case 'taskProgress': {
      const isAhead = wakePhases.indexOf(command.phase) > wakePhases.indexOf(state.phase ?? 'requested');
      return isHolder(state, command) && state.state === 'waking' && isAhead
        ? [{ type: 'phaseReached', phase: command.phase, at: now }]
        : [];
    }
    case 'taskStopping':
      if (!isHolder(state, command) || state.state !== 'awake') return [];
      return [{ type: 'stopAnnounced' }, ...(isWanted(state, now) ? prepare(state, command.order, now) : [])];
    case 'askToLeave':
      return isHolder(state, command) && state.state === 'awake' && !state.sleepRequested
        ? [{ type: 'leaveAsked' }]
        : [];
    case 'recordSuccessor': {
      const next = livingSuccessor(state);
      const isSame = isSuccessor(next, command) && next?.attempt === command.attempt;
      return isSame && next?.taskId === undefined
        ? [{ type: 'successorRecorded', taskId: command.taskId }]
        : [];
    }
    case 'successorStopped': {
      const next = livingSuccessor(state);
      if (!next || !isSuccessor(next, command)) return [];
      const capacity = command.order[command.order.indexOf(command.capacity) + 1];
      if (!command.lacked || capacity === undefined) return [{ type: 'successorLost' }];
      return [{ type: 'successorRequested', epoch: next.epoch, attempt: next.attempt, capacity, at: now }];
    }
    case 'taskStopped': {
      const isUnrecorded =
        state.taskId === undefined &&
        state.state === 'waking' &&
        state.epoch === command.epoch &&
        state.capacity === command.capacity;
      return isHolder(state, command) || isUnrecorded
        ? afterLoss(state, command.order, command.started, command.detail, now)
        : [];
    }
    case 'expire':
      return isFree(state) || isHeld(state, now)
        ? []
        : afterLoss(state, command.order, isPast(state, 'starting'), undefined, now);
  }
}

const isSuccessor = (next: Successor | undefined, start: Omit<Start, 'attempt'>): boolean =>
  next?.epoch === start.epoch && next.capacity === start.capacity;

/** Has the wake reached a phase? */
const isPast = (state: Lease, phase: WakePhase): boolean =>
  wakePhases.indexOf(state.phase ?? 'requested') >= wakePhases.indexOf(phase);

const isHolder = (state: Lease, task: { epoch: number; taskId: string }): boolean =>
  state.epoch === task.epoch && state.taskId === task.taskId;
