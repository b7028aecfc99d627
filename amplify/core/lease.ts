import * as z from 'zod';
import { agentStates, wakePhase } from './agent.ts';
import { type Capacity, capacities } from './capacity.ts';
import { errorCodes } from './error.ts';
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

/**
 * A task that was started while the holder was being stopped. It boots early and takes over, under an epoch of its own,
 * once the holder has given the lease back or its time is over. An epoch has one successor at most.
 */
const successor = z.object({
  epoch: z.number().int().positive(),
  attempt: z.number().int().positive(),
  capacity: z.enum(capacities),
  requestedAt: z.iso.datetime(),
  taskId: z.string().optional(),
  /** It stopped, or could not be had: the next task is started anew, under a later epoch than this one's. */
  isLost: z.boolean().optional(),
});
export type Successor = z.infer<typeof successor>;

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
  successor: successor.optional(),
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

/** Snapshots that the row names: what a task begins with, and those before it (resolvers/check-snapshot.js). */
export const maxSnapshots = 5;
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

/** A row without anything but its counters: nobody holds it, and whoever did is of an older epoch. */
export const clearedLease = (state: Lease): Lease => ({
  ...emptyLease(state.owner),
  revision: state.revision + 1,
  epoch: highestEpoch(state) + 1,
  wakeSeq: state.wakeSeq,
});

/**
 * What a person does that a message may follow, and how many wakes ahead of one may go unused, one after another,
 * until nothing but a message wakes again: that bounds what somebody costs who only looks.
 */
export const wakeHints = { open: 3, typing: 10 } as const;
export type WakeHint = keyof typeof wakeHints;

/** One start of a task: what the lease said when it was asked for. */
export interface Start {
  epoch: number;
  attempt: number;
  capacity: Capacity;
}

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

/** A successor that may still take over; undefined when there is none. */
export const livingSuccessor = (state: Lease): Successor | undefined =>
  state.successor?.isLost ? undefined : state.successor;

/** Is the holder being stopped, with nobody to follow it yet? */
export const needsSuccessor = (state: Lease): boolean =>
  state.state === 'stopping' && state.successor === undefined;

/** The highest epoch that any task of the owner may have. */
export const highestEpoch = (state: Lease): number => Math.max(state.epoch, state.successor?.epoch ?? 0);
