import { beforeEach, describe, expect, test } from 'vitest';
import { emptyLease, type Lease, leaseMs } from '../../core/lease.ts';
import { decide } from '../../core/lease-command.ts';
import { evolve } from '../../core/lease-event.ts';
import type { LeaseStore } from '../../core/ports.ts';

const order = ['FARGATE_SPOT', 'FARGATE'] as const;
const now = Date.parse('2026-05-01T09:00:00.000Z');

/** What every LeaseStore does. `make` gives an empty one. */
export function leaseStoreContract(name: string, make: () => Promise<LeaseStore> | LeaseStore): void {
  describe(`lease store: ${name}`, () => {
    let store: LeaseStore;
    beforeEach(async () => {
      store = await make();
    });

    /** Rings, then acquires and records a task. */
    async function holder(owner: string): Promise<Lease> {
      const rung = await store.ring(owner, 'c#1', 50);
      const waking = decide(rung, { type: 'wake', order }, now).reduce(evolve, rung);
      const stored = await store.move(rung, waking);
      expect(stored).not.toBeNull();
      const held = await store.move(stored as Lease, { ...(stored as Lease), taskId: 't1' });
      expect(held).not.toBeNull();
      return held as Lease;
    }

    test('an owner who never rang has no row, and a drop makes none', async () => {
      expect(await store.get('ann')).toBeNull();
      expect(await store.drop('ann', ['c#1'], 0)).toBeNull();
      expect(await store.get('ann')).toBeNull();
    });

    test('a row is opened empty, once', async () => {
      expect(await store.open('ann')).toEqual(emptyLease('ann'));
      const held = await holder('ann');
      expect(await store.open('ann')).toEqual(held);
    });

    test('a ring takes back that the agent was to sleep, and what counts as unused, whoever moves the row at the same time', async () => {
      const empty = await store.open('ann');
      const waking = decide(empty, { type: 'wakeAhead', order, hint: 'open' }, now).reduce(evolve, empty);
      const asked = await store.move(empty, { ...waking, sleepRequested: true });
      expect(asked).toMatchObject({ unusedWakes: 1, sleepRequested: true });
      const rung = await store.ring('ann', 'c#1', 50);
      expect(rung).not.toHaveProperty('unusedWakes');
      expect(rung).not.toHaveProperty('sleepRequested');
      const recorded = await store.move(asked as Lease, { ...(asked as Lease), taskId: 't1' });
      expect(recorded).toMatchObject({ taskId: 't1', pending: ['c#1'] });
      expect(recorded).not.toHaveProperty('unusedWakes');
      expect(recorded).not.toHaveProperty('sleepRequested');
    });

    test('a ring makes the row, counts, and remembers each key once', async () => {
      expect(await store.ring('ann', 'c#1', 50)).toMatchObject({
        state: 'asleep',
        epoch: 0,
        wakeSeq: 1,
        pending: ['c#1'],
      });
      await store.ring('ann', 'c#2', 50);
      const row = await store.ring('ann', 'c#1', 50);
      expect(row.wakeSeq).toBe(3);
      expect([...row.pending].sort()).toEqual(['c#1', 'c#2']);
      expect(await store.get('ann')).toEqual(row);
      expect(await store.get('bob')).toBeNull();
    });

    test('a full queue refuses a new key, takes a known one, and is not changed by a refusal', async () => {
      await store.ring('ann', 'c#1', 2);
      await store.ring('ann', 'c#2', 2);
      const before = await store.get('ann');
      await expect(store.ring('ann', 'c#3', 2)).rejects.toMatchObject({ code: 'message.queue_full' });
      expect(await store.get('ann')).toEqual(before);
      expect((await store.ring('ann', 'c#2', 2)).wakeSeq).toBe(3);
    });

    test('dropping the last key leaves an empty list, and the next ring works', async () => {
      await store.ring('ann', 'c#1', 50);
      expect((await store.drop('ann', ['c#1', 'c#9'], 1))?.pending).toEqual([]);
      expect((await store.get('ann'))?.pending).toEqual([]);
      expect((await store.ring('ann', 'c#2', 50)).pending).toEqual(['c#2']);
    });

    test('a key is not dropped over a ring that was not seen', async () => {
      await store.ring('ann', 'c#1', 50);
      await store.ring('ann', 'c#1', 50);
      expect(await store.drop('ann', ['c#1'], 1)).toBeNull();
      expect((await store.get('ann'))?.pending).toEqual(['c#1']);
    });

    test('a row moves to the state that was decided and keeps what rang meanwhile', async () => {
      const rung = await store.ring('ann', 'c#1', 50);
      await store.ring('ann', 'c#2', 50);
      const moved = await store.move(rung, decide(rung, { type: 'wake', order }, now).reduce(evolve, rung));
      expect(moved).toMatchObject({
        state: 'waking',
        epoch: 1,
        attempt: 1,
        capacity: 'FARGATE_SPOT',
        phase: 'requested',
        leaseExpiresAt: now + leaseMs,
        wakeSeq: 2,
      });
      expect([...(moved?.pending ?? [])].sort()).toEqual(['c#1', 'c#2']);
      expect(await store.get('ann')).toEqual(moved);
    });

    test('of two that acquire the same row, one gets it', async () => {
      const rung = await store.ring('ann', 'c#1', 50);
      const waking = decide(rung, { type: 'wake', order }, now).reduce(evolve, rung);
      const results = await Promise.all([store.move(rung, waking), store.move(rung, waking)]);
      expect(results.filter((row) => row !== null)).toHaveLength(1);
    });

    test('a row that changed since it was read does not move', async () => {
      const held = await holder('ann');
      const later = await store.move(held, { ...held, leaseExpiresAt: now + 2 * leaseMs });
      expect(later).not.toBeNull();
      expect(await store.move(held, evolve(held, { type: 'freed' }))).toBeNull();
      expect(await store.get('ann')).toEqual(later);
    });

    test('a lease is not freed over a ring that was not seen', async () => {
      const held = await holder('ann');
      await store.ring('ann', 'c#2', 50);
      expect(await store.move(held, evolve(held, { type: 'freed' }))).toBeNull();
      const seen = (await store.get('ann')) as Lease;
      const freed = await store.move(
        seen,
        evolve(seen, { type: 'gaveUp', error: { code: 'task.lost', detail: 'x' } }),
      );
      expect(freed).toMatchObject({ state: 'failed', error: { code: 'task.lost', detail: 'x' } });
      expect(freed).not.toHaveProperty('taskId');
      expect(freed).not.toHaveProperty('leaseExpiresAt');
    });

    test('other snapshots are named while the row is free and as it was read, and a move leaves them', async () => {
      const pointer = (epoch: number) => ({
        ...{ key: `k${epoch}`, size: 1, sha256: 'a'.repeat(64), epoch, seq: 1 },
        savedAt: '2026-05-01T09:00:00.000Z',
      });
      const empty = await store.open('ann');
      const named = (await store.point(empty, [pointer(2), pointer(1)])) as Lease;
      expect(named).toMatchObject({ snapshot: pointer(2), previousSnapshots: [pointer(1)] });
      expect(named.revision).toBeGreaterThan(empty.revision);
      expect(await store.point(empty, [pointer(1)])).toBeNull();
      expect(named.epoch).toBe(empty.epoch);
      const fenced = (await store.point(named, [pointer(2), pointer(1)], 7)) as Lease;
      expect(await store.get('ann')).toEqual({ ...named, epoch: 7, revision: fenced.revision });
      const held = await holder('ann');
      expect(held).toMatchObject({ snapshot: pointer(2), previousSnapshots: [pointer(1)] });
      expect(await store.point(held, [pointer(1)])).toBeNull();
      expect(await store.get('ann')).toEqual(held);
    });

    test('only leases that ran out are listed as expired', async () => {
      await holder('ann');
      await holder('bob');
      await store.ring('eve', 'c#1', 50);
      expect(await store.expired(now + leaseMs, 10)).toEqual([]);
      expect([...(await store.expired(now + leaseMs + 1, 10))].sort()).toEqual(['ann', 'bob']);
      expect(await store.expired(now + leaseMs + 1, 1)).toHaveLength(1);
      const ann = (await store.get('ann')) as Lease;
      await store.move(ann, evolve(ann, { type: 'freed' }));
      expect(await store.expired(now + leaseMs + 1, 10)).toEqual(['bob']);
    });

    test('a row that is cleared keeps its counters only, under an epoch that no task has', async () => {
      await store.ring('ann', 'c#m1', 50);
      const free = await store.get('ann');
      if (!free) throw new Error('no row');
      const held = await store.move(free, {
        ...{ ...free, revision: 1, epoch: 1, state: 'stopping', taskId: 't1', leaseExpiresAt: 5, attempt: 1 },
        successor: { epoch: 2, attempt: 1, capacity: 'FARGATE', requestedAt: '2026-05-01T09:00:00.000Z' },
      });
      expect(await store.clear(free)).toBe(false);
      if (!held) throw new Error('not moved');
      expect(await store.clear(held)).toBe(true);
      const { wakeSeq } = held;
      expect(await store.get('ann')).toEqual({ ...emptyLease('ann'), revision: 2, epoch: 3, wakeSeq });
      expect(await store.expired(10, 10)).toEqual([]);
      expect(await store.clear(held)).toBe(false);
    });

    test('a row is not cleared under somebody who rings', async () => {
      const seen = await store.ring('ann', 'c#m1', 50);
      await store.ring('ann', 'c#m2', 50);
      expect(await store.clear(seen)).toBe(false);
      expect((await store.get('ann'))?.pending).toHaveLength(2);
    });
  });
}
