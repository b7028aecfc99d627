import * as z from 'zod';
import { agentStates, type WakePhase, wakePhase, wakePhases } from './agent.ts';
import { type Capacity, capacities } from './capacity.ts';
import { type ErrorCode, errorCodes } from './error.ts';
import { type SnapshotPointer, snapshotPointer } from './task-grant.ts';

/** A lease lives this long without a heartbeat, milliseconds. */
export const leaseMs = 120_000;
/** Tasks that may be started one after another for messages that none of them took. */
export const maxAttempts = 3;
/** A task that served this long before it was lost does not count against maxAttempts, milliseconds. */
export const provenMs = 10 * 60_000;
/** A start that recorded no task after this time died on its way and may be repeated (same token), milliseconds. */
export const startGraceMs = 10_000;
/** The one partition of the sparse index byLease, on rows whose lease is held. */
export const leaseShard = 'lease';

/** An owner's lease row: who may answer for the owner, what waits, how far the wake is. Absent is `undefined`. */
export const lease = z.object({
  owner: z.string().min(1),
  /** Grows with every change that people see. */
  revision: z.number().int().nonnegative(),
  /** Grows with every acquisition; a task of an older one has no say. */
  epoch: z.number().int().nonnegative(),
  state: z.enum(agentStates),
  taskId: z.string().optional(),
  /** Starts since the last that served, from 1. */
  attempt: z.number().int().positive().optional(),
  capacity: z.enum(capacities).optional(),
  /** Milliseconds since 1970. */
  leaseExpiresAt: z.number().optional(),
  wakeSeq: z.number().int().nonnegative(),
  /** message-row.ts pendingKey of every message that is not final. */
  pending: z.array(z.string()).default([]),
  phase: wakePhase.optional(),
  phaseAt: z.iso.datetime().optional(),
  wakeStartedAt: z.iso.datetime().optional(),
  wakeMs: z.array(z.number()).default([]),
  sleepsAt: z.string().optional(),
  sleepRequested: z.boolean().optional(),
  /** The task stays at least until then, although nothing happens. */
  keepAwakeUntil: z.string().optional(),
  /** Wakes ahead of a message that got none, one after another. Gone with the next ring. */
  unusedWakes: z.number().int().nonnegative().optional(),
  /** What the next task begins with. */
  snapshot: snapshotPointer.optional(),
  /** Those before it, newest first: fallen back to when it cannot be read. */
  previousSnapshots: z.array(snapshotPointer).default([]),
  error: z.object({ code: z.enum(errorCodes).catch('internal'), detail: z.string().nullish() }).optional(),
});
export type Lease = z.infer<typeof lease>;
export type LeaseError = NonNullable<Lease['error']>;

/** The snapshots that the row names, in the order in which a task tries them. */
export const snapshotsOf = (state: Pick<Lease, 'snapshot' | 'previousSnapshots'>): SnapshotPointer[] => [
  ...(state.snapshot ? [state.snapshot] : []),
  ...state.previousSnapshots,
];

/** The row of an owner who never woke an agent. */
export const emptyLease = (owner: string): Lease => ({
  owner,
  revision: 0,
  epoch: 0,
  state: 'asleep',
  wakeSeq: 0,
  pending: [],
  wakeMs: [],
  previousSnapshots: [],
});

/**
 * What a person does that a message may follow, and how many wakes ahead of one may go unused, one after another,
 * until nothing but a message wakes again: that bounds what somebody costs who only looks.
 */
export const wakeHints = { open: 3, typing: 10 } as const;
export type WakeHint = keyof typeof wakeHints;

type Order = readonly [Capacity, ...Capacity[]];
/** One start of a task: what the lease said when it was asked for. */
export interface Start {
  epoch: number;
  attempt: number;
  capacity: Capacity;
}

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
  /** RunTask failed for the start in a way that trying again will not help. */
  | ({ type: 'startFailed'; detail?: string } & Start)
  | { type: 'taskProgress'; epoch: number; taskId: string; phase: WakePhase }
  /** ECS is about to stop the task (Spot interruption, StopTask, its own end). */
  | { type: 'taskStopping'; epoch: number; taskId: string }
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
  /** Nobody has renewed the lease. */
  | { type: 'expire'; order: Order };

/** Times are milliseconds since 1970. */
export type LeaseEvent =
  | ({ type: 'acquired'; at: number; ahead?: true } & Start)
  | { type: 'taskRecorded'; taskId: string }
  | { type: 'capacityChanged'; capacity: Capacity; at: number }
  | { type: 'phaseReached'; phase: WakePhase; at: number }
  | { type: 'stopAnnounced' }
  | { type: 'freed' }
  | { type: 'gaveUp'; error: LeaseError };

/** Does a task hold the lease, or is one being started? */
export const isHeld = (state: Lease, now: number): boolean =>
  (state.taskId !== undefined || state.state === 'waking') && (state.leaseExpiresAt ?? 0) > now;

/** Is the row without a holder, whatever the time? (An expired lease still names its holder.) */
export const isFree = (state: Lease): boolean => state.taskId === undefined && state.state !== 'waking';

/** Has a start lost its function between the lease and the task's record? */
export const isOrphaned = (state: Lease, now: number): boolean =>
  state.state === 'waking' &&
  state.taskId === undefined &&
  isHeld(state, now) &&
  now - Date.parse(state.phaseAt ?? '') > startGraceMs;

/** The start that the row waits for; null when it waits for none. */
export const startOf = (state: Lease): Start | null =>
  state.state === 'waking' && state.attempt !== undefined && state.capacity !== undefined
    ? { epoch: state.epoch, attempt: state.attempt, capacity: state.capacity }
    : null;

const acquire = (state: Lease, attempt: number, capacity: Capacity, now: number) => ({
  type: 'acquired' as const,
  epoch: state.epoch + 1,
  attempt,
  capacity,
  at: now,
});

/** Without anybody who waits, nothing has failed: the agent sleeps on. */
const giveUp = (state: Lease, error: LeaseError): LeaseEvent =>
  state.pending.length === 0 ? { type: 'freed' } : { type: 'gaveUp', error };

const isSameStart = (state: Lease, start: Start): boolean =>
  state.state === 'waking' &&
  state.epoch === start.epoch &&
  state.attempt === start.attempt &&
  state.capacity === start.capacity;

const fault = (code: ErrorCode, detail: string | undefined): LeaseError =>
  detail === undefined ? { code } : { code, detail };

/** The holder is gone: free the lease, or start another for what waits, or give up after maxAttempts. */
function afterLoss(
  state: Lease,
  order: Order,
  started: boolean,
  detail: string | undefined,
  now: number,
): LeaseEvent[] {
  if (state.pending.length === 0) return [{ type: 'freed' }];
  const wasUp = state.state !== 'waking';
  const proven = wasUp && now - Date.parse(state.wakeStartedAt ?? '') > provenMs;
  const attempt = proven ? 1 : (state.attempt ?? 0) + 1;
  if (attempt <= maxAttempts) return [acquire(state, attempt, order[0], now)];
  const code = wasUp ? 'task.lost' : started ? 'agent.start_failed' : 'task.start_failed';
  return [{ type: 'gaveUp', error: state.error ?? fault(code, detail) }];
}

/**
 * What a command changes at a time. An empty list: nothing, because somebody else is the holder,
 * because it was said before, or because it comes too late.
 */
export function decide(state: Lease, command: LeaseCommand, now: number): LeaseEvent[] {
  switch (command.type) {
    case 'wake':
      return isHeld(state, now) ? [] : [acquire(state, 1, command.order[0], now)];
    case 'wakeAhead': {
      const isWanted = state.state === 'asleep' && (state.unusedWakes ?? 0) < wakeHints[command.hint];
      return isFree(state) && isWanted ? [{ ...acquire(state, 1, command.order[0], now), ahead: true }] : [];
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
        ? [giveUp(state, fault('task.start_failed', command.detail))]
        : [];
    case 'taskProgress': {
      const isAhead = wakePhases.indexOf(command.phase) > wakePhases.indexOf(state.phase ?? 'requested');
      return isHolder(state, command) && state.state === 'waking' && isAhead
        ? [{ type: 'phaseReached', phase: command.phase, at: now }]
        : [];
    }
    case 'taskStopping':
      return isHolder(state, command) && state.state === 'awake' ? [{ type: 'stopAnnounced' }] : [];
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

/** Has the wake reached a phase? */
const isPast = (state: Lease, phase: WakePhase): boolean =>
  wakePhases.indexOf(state.phase ?? 'requested') >= wakePhases.indexOf(phase);

const isHolder = (state: Lease, task: { epoch: number; taskId: string }): boolean =>
  state.epoch === task.epoch && state.taskId === task.taskId;

/** What a free row keeps: who, what waits, what was learnt. */
const free = (state: Lease): Lease => ({
  owner: state.owner,
  revision: state.revision + 1,
  epoch: state.epoch,
  state: 'asleep',
  wakeSeq: state.wakeSeq,
  pending: state.pending,
  wakeMs: state.wakeMs,
  previousSnapshots: state.previousSnapshots,
  ...(state.unusedWakes ? { unusedWakes: state.unusedWakes } : {}),
  ...(state.snapshot ? { snapshot: state.snapshot } : {}),
});

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The row after an event. */
export function evolve(state: Lease, event: LeaseEvent): Lease {
  const revision = state.revision + 1;
  switch (event.type) {
    case 'acquired':
      return {
        ...free(state),
        epoch: event.epoch,
        state: 'waking',
        attempt: event.attempt,
        capacity: event.capacity,
        leaseExpiresAt: event.at + leaseMs,
        phase: 'requested',
        phaseAt: iso(event.at),
        wakeStartedAt: iso(event.at),
        ...(event.ahead && { unusedWakes: (state.unusedWakes ?? 0) + 1 }),
      };
    case 'taskRecorded':
      return { ...state, taskId: event.taskId };
    case 'capacityChanged': {
      const { taskId: _stopped, ...rest } = state;
      return {
        ...rest,
        revision,
        capacity: event.capacity,
        leaseExpiresAt: event.at + leaseMs,
        phase: 'requested',
        phaseAt: iso(event.at),
      };
    }
    case 'phaseReached':
      return {
        ...state,
        revision,
        phase: event.phase,
        phaseAt: iso(event.at),
        leaseExpiresAt: Math.max(state.leaseExpiresAt ?? 0, event.at + leaseMs),
      };
    case 'stopAnnounced': {
      const { sleepsAt: _sleepsAt, ...rest } = state;
      return { ...rest, revision, state: 'stopping' };
    }
    case 'freed':
      return free(state);
    case 'gaveUp':
      return { ...free(state), state: 'failed', error: event.error };
  }
}
