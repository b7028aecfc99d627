import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewOf } from './agent-view.ts';
import { capacityOrder, clientToken } from './capacity.ts';
import { emptyLease, isHeld, type Lease, lease, leaseMs, maxAttempts } from './lease.ts';
import { decide, type LeaseCommand } from './lease-command.ts';
import { evolve } from './lease-event.ts';

const now = Date.parse('2026-05-01T09:00:00.000Z');
const order = capacityOrder['spot-first'];
const after = (state: Lease, command: LeaseCommand, at = now): Lease =>
  decide(state, command, at).reduce(evolve, state);
const waking = after({ ...emptyLease('ann'), wakeSeq: 1, pending: ['c#1'] }, { type: 'wake', order });
const start = { epoch: 1, attempt: 1, capacity: 'FARGATE_SPOT' } as const;
const held = after(waking, { type: 'recordTask', taskId: 't1', ...start });
const awake: Lease = { ...held, state: 'awake', phase: 'ready' };

describe('acquiring', () => {
  test('a free lease is acquired for two minutes under the next epoch', () => {
    expect(waking).toMatchObject({
      state: 'waking',
      epoch: 1,
      attempt: 1,
      capacity: 'FARGATE_SPOT',
      phase: 'requested',
    });
    expect(waking.leaseExpiresAt).toBe(now + 120_000);
  });
  test('a held lease is left alone until the moment it runs out', () => {
    for (const state of [waking, held, awake]) {
      expect(decide(state, { type: 'wake', order }, now + leaseMs - 1)).toEqual([]);
      expect(after(state, { type: 'wake', order }, now + leaseMs)).toMatchObject({
        epoch: 2,
        state: 'waking',
      });
    }
  });
  test('what the last wake left is gone, what was learnt stays', () => {
    const failed: Lease = {
      ...emptyLease('ann'),
      epoch: 7,
      state: 'failed',
      error: { code: 'task.lost' },
      wakeMs: [9000],
    };
    const next = after(failed, { type: 'wake', order });
    expect(next).not.toHaveProperty('error');
    expect(next).toMatchObject({ epoch: 8, wakeMs: [9000] });
  });
});

describe('a start', () => {
  test('of which nobody knows any more records no task', () => {
    for (const stale of [
      { ...start, epoch: 0 },
      { ...start, attempt: 2 },
      { ...start, capacity: 'FARGATE' as const },
    ]) {
      expect(decide(waking, { type: 'recordTask', taskId: 't9', ...stale }, now)).toEqual([]);
      expect(decide(waking, { type: 'capacityRefused', order, ...stale }, now)).toEqual([]);
      expect(decide(waking, { type: 'startFailed', ...stale }, now)).toEqual([]);
    }
  });
  test('whose task is recorded keeps it', () => {
    expect(decide(held, { type: 'recordTask', taskId: 't2', ...start }, now)).toEqual([]);
  });
  test('without capacity goes on to the next provider, once', () => {
    const next = after(held, { type: 'capacityRefused', order, ...start });
    expect(next).toMatchObject({ epoch: 1, capacity: 'FARGATE', state: 'waking' });
    expect(next).not.toHaveProperty('taskId');
    const none = after(next, { type: 'capacityRefused', order, ...start, capacity: 'FARGATE' });
    expect(none).toMatchObject({ state: 'failed', error: { code: 'task.no_capacity' } });
  });
  test('follows a policy that changed meanwhile, and still ends', () => {
    const onDemand = { ...waking, capacity: 'FARGATE' as const };
    const spot = after(onDemand, {
      type: 'capacityRefused',
      order: ['FARGATE_SPOT'],
      ...start,
      capacity: 'FARGATE',
    });
    expect(spot).toMatchObject({ capacity: 'FARGATE_SPOT' });
    expect(after(spot, { type: 'capacityRefused', order: ['FARGATE_SPOT'], ...start })).toMatchObject({
      state: 'failed',
    });
  });
});

describe('the end of a task', () => {
  const stop = {
    type: 'taskStopped',
    taskId: 't1',
    epoch: 1,
    capacity: 'FARGATE_SPOT',
    started: true,
    order,
  } as const;
  test('frees the lease when nothing waits', () => {
    expect(after({ ...awake, pending: [] }, stop)).toMatchObject({ state: 'asleep', epoch: 1 });
  });
  test('starts anew when something waits, and gives up after three', () => {
    let state = held;
    for (let n = 2; n <= maxAttempts; n += 1) {
      state = { ...after(state, { ...stop, epoch: state.epoch }), taskId: 't1' };
      expect(state).toMatchObject({ epoch: n, attempt: n, state: 'waking' });
    }
    expect(after(state, { ...stop, epoch: state.epoch })).toMatchObject({
      state: 'failed',
      pending: ['c#1'],
    });
  });
  test('of another task or an older epoch is none of its business', () => {
    expect(decide(awake, { ...stop, taskId: 't0' }, now)).toEqual([]);
    expect(decide({ ...awake, epoch: 2 }, stop, now)).toEqual([]);
    expect(decide({ ...awake, state: 'asleep', taskId: undefined }, stop, now)).toEqual([]);
  });
});

test('a lease that is held or free does not expire', () => {
  expect(decide(awake, { type: 'expire', order }, now + leaseMs - 1)).toEqual([]);
  expect(decide(emptyLease('ann'), { type: 'expire', order }, now)).toEqual([]);
  expect(after(awake, { type: 'expire', order }, now + leaseMs)).toMatchObject({ epoch: 2, attempt: 2 });
});

describe('the client token', () => {
  const parts = { owner: fc.string({ minLength: 1 }), epoch: fc.nat(), attempt: fc.nat(99) };
  const starts = fc.record({
    ...parts,
    capacity: fc.constantFrom('FARGATE_SPOT' as const, 'FARGATE' as const),
  });
  test('has at most 64 ASCII characters and does not name the owner', () => {
    fc.assert(
      fc.property(starts, (given) => {
        expect(clientToken(given)).toMatch(/^[\x21-\x7e]{1,64}$/);
      }),
    );
    expect(clientToken({ owner: 'ann', ...start })).not.toContain('ann');
  });
  test('is the same for the same start and another for any other', () => {
    fc.assert(
      fc.property(starts, starts, (one, other) => {
        const isSame = JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other));
        expect(clientToken(one) === clientToken(other)).toBe(isSame);
        expect(clientToken({ ...one })).toBe(clientToken(one));
      }),
    );
  });
});

test('every row that evolves is one that can be read again, and its view too', () => {
  for (const state of [waking, held, awake]) {
    expect(lease.parse(state)).toEqual(state);
    expect(viewOf(state).revision).toBe(state.revision);
  }
  expect(viewOf({ ...waking, wakeMs: [40_000, 20_000] })).toMatchObject({
    phase: 'requested',
    medianWakeMs: 30_000,
  });
  expect(viewOf({ ...awake, sleepsAt: '2026-05-01T09:10:00Z' })).not.toHaveProperty('phase');
  expect(isHeld(emptyLease('ann'), now)).toBe(false);
});

describe('a successor', () => {
  const stopping = after(awake, { type: 'taskStopping', epoch: 1, taskId: 't1', order });
  const next = { epoch: 2, attempt: 2, capacity: 'FARGATE_SPOT' } as const;
  const ready = after(stopping, { type: 'recordSuccessor', taskId: 't2', ...next });

  test('is asked for once while its holder is being stopped and something waits, under the next epoch', () => {
    expect(stopping).toMatchObject({ state: 'stopping', epoch: 1, taskId: 't1', successor: next });
    expect(decide(stopping, { type: 'wake', order }, now)).toEqual([]);
    expect(decide(ready, { type: 'taskStopping', epoch: 1, taskId: 't1', order }, now)).toEqual([]);
    const idle = after({ ...awake, pending: [] }, { type: 'taskStopping', epoch: 1, taskId: 't1', order });
    expect(idle).not.toHaveProperty('successor');
    expect(after(idle, { type: 'wake', order }).successor).toMatchObject(next);
  });
  test('holds nothing while its holder lives', () => {
    expect(ready).toMatchObject({ state: 'stopping', epoch: 1, taskId: 't1', successor: { taskId: 't2' } });
    expect(decide(ready, { type: 'wake', order }, now + leaseMs - 1)).toEqual([]);
    expect(decide(ready, { type: 'expire', order }, now + leaseMs - 1)).toEqual([]);
  });
  test.each([
    [
      'stopped',
      { type: 'taskStopped', epoch: 1, taskId: 't1', capacity: 'FARGATE_SPOT', started: true, order },
      now,
    ],
    ['fell silent', { type: 'expire', order }, now + leaseMs],
    ['fell silent, and somebody waits', { type: 'wake', order }, now + leaseMs],
  ] as const)('follows a holder that %s, and no other task is started', (_how, command, at) => {
    const row = after(ready, command, at);
    expect(row).toMatchObject({ state: 'waking', ...next, taskId: 't2', leaseExpiresAt: at + leaseMs });
    expect(row).not.toHaveProperty('successor');
    expect(
      decide(
        row,
        { type: 'taskStopped', epoch: 1, taskId: 't1', capacity: 'FARGATE_SPOT', started: true, order },
        at,
      ),
    ).toEqual([]);
  });
  test('whose task is not recorded yet is started as the holder, by the same token', () => {
    const row = after(stopping, { type: 'expire', order }, now + leaseMs);
    expect(row).toMatchObject({ state: 'waking', ...next });
    expect(row).not.toHaveProperty('taskId');
    expect(after(row, { type: 'recordTask', taskId: 't2', ...next })).toMatchObject({ taskId: 't2' });
  });
  test('that is lost, or was not needed, leaves its epoch to nobody else', () => {
    const lost = after(ready, {
      type: 'successorStopped',
      epoch: 2,
      capacity: 'FARGATE_SPOT',
      lacked: false,
      order,
    });
    expect(decide(lost, { type: 'wake', order }, now)).toEqual([]);
    expect(after(lost, { type: 'expire', order }, now + leaseMs)).toMatchObject({
      epoch: 3,
      state: 'waking',
    });
    const quiet = after({ ...ready, pending: [] }, { type: 'expire', order }, now + leaseMs);
    expect(quiet).toMatchObject({ state: 'asleep', epoch: 2 });
    expect(after(quiet, { type: 'wake', order })).toMatchObject({ epoch: 3 });
  });
  test('for which there is no Spot capacity is asked for On-Demand, and not again after that', () => {
    const lacks = (capacity: 'FARGATE_SPOT' | 'FARGATE') =>
      ({ type: 'successorStopped', epoch: 2, capacity, lacked: true, order }) as const;
    const onDemand = after(ready, lacks('FARGATE_SPOT'));
    expect(onDemand.successor).toMatchObject({ epoch: 2, attempt: 2, capacity: 'FARGATE' });
    expect(onDemand.successor).not.toHaveProperty('taskId');
    expect(after(onDemand, lacks('FARGATE')).successor).toMatchObject({ isLost: true });
    expect(decide(onDemand, lacks('FARGATE_SPOT'), now)).toEqual([]);
  });
});
