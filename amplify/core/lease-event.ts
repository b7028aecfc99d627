import type { WakePhase } from './agent.ts';
import type { Capacity } from './capacity.ts';
import { highestEpoch, type Lease, type LeaseError, leaseMs, type Start } from './lease.ts';

/** Times are milliseconds since 1970. */
export type LeaseEvent =
  | ({ type: 'acquired'; at: number; ahead?: true } & Start)
  | { type: 'taskRecorded'; taskId: string }
  | { type: 'capacityChanged'; capacity: Capacity; at: number }
  | { type: 'phaseReached'; phase: WakePhase; at: number }
  | { type: 'stopAnnounced' }
  | { type: 'leaveAsked' }
  | ({ type: 'successorRequested'; at: number } & Start)
  | { type: 'successorRecorded'; taskId: string }
  | { type: 'successorLost' }
  /** The successor holds the lease from now on. */
  | { type: 'succeeded'; at: number }
  | { type: 'freed' }
  | { type: 'gaveUp'; error: LeaseError };

/** What a free row keeps: who, what waits, what was learnt. */
const free = (state: Lease): Lease => ({
  owner: state.owner,
  revision: state.revision + 1,
  // No later task may have the epoch of a successor that was not needed.
  epoch: highestEpoch(state),
  state: 'asleep',
  wakeSeq: state.wakeSeq,
  pending: state.pending,
  wakeMs: state.wakeMs,
  previousSnapshots: state.previousSnapshots,
  ...(state.unusedWakes ? { unusedWakes: state.unusedWakes } : {}),
  ...(state.snapshot ? { snapshot: state.snapshot } : {}),
});

/** What the next holder finds. */
const follower = (state: Lease): Lease => ({
  ...free(state),
  ...(state.keepAwakeUntil ? { keepAwakeUntil: state.keepAwakeUntil } : {}),
});

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The row after an event. */
export function evolve(state: Lease, event: LeaseEvent): Lease {
  const revision = state.revision + 1;
  switch (event.type) {
    case 'acquired':
      return {
        ...follower(state),
        ...(event.ahead && { unusedWakes: (state.unusedWakes ?? 0) + 1 }),
        epoch: event.epoch,
        state: 'waking',
        attempt: event.attempt,
        capacity: event.capacity,
        leaseExpiresAt: event.at + leaseMs,
        phase: 'requested',
        phaseAt: iso(event.at),
        wakeStartedAt: iso(event.at),
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
    case 'leaveAsked': {
      const { keepAwakeUntil: _kept, ...rest } = state;
      return { ...rest, revision, sleepRequested: true };
    }
    case 'successorRequested': {
      const { epoch, attempt, capacity, at } = event;
      return { ...state, revision, successor: { epoch, attempt, capacity, requestedAt: iso(at) } };
    }
    case 'successorRecorded':
      return state.successor
        ? { ...state, revision, successor: { ...state.successor, taskId: event.taskId } }
        : state;
    case 'successorLost':
      return state.successor
        ? { ...state, revision, successor: { ...state.successor, isLost: true } }
        : state;
    case 'succeeded': {
      if (!state.successor) return state;
      const { taskId, epoch, attempt, capacity, requestedAt } = state.successor;
      return {
        ...follower(state),
        ...{ epoch, attempt, capacity },
        ...(taskId !== undefined && { taskId }),
        state: 'waking',
        leaseExpiresAt: event.at + leaseMs,
        phase: 'requested',
        phaseAt: iso(event.at),
        // What people wait for began when it was asked for.
        wakeStartedAt: requestedAt,
      };
    }
    case 'freed':
      return free(state);
    case 'gaveUp':
      return { ...free(state), state: 'failed', error: event.error };
  }
}
