import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../core/message-id.ts';
import type { Schedule } from '../../core/schedule/schedule.ts';
import type { ScheduleStore } from '../../core/schedule/schedule-ports.ts';

const row = (change: Partial<Schedule> = {}): Schedule => ({
  ...{ owner: 'ann', id: newId(), conversationId: newId(), text: '뉴스 👋', madeBy: 'person' },
  cadence: { kind: 'cron', expression: '0 8 * * 1-5', zone: 'Asia/Seoul' },
  ...{ createdAt: '2026-05-01T09:00:00.000Z', nextAt: 1_000, revision: 0 },
  ...change,
});

/** What every ScheduleStore does. */
export function scheduleStoreContract(name: string, make: () => Promise<ScheduleStore>): void {
  describe(`schedule store: ${name}`, () => {
    let store: ScheduleStore;
    beforeEach(async () => {
      store = await make();
    });
    const add = async (change: Partial<Schedule> = {}) => {
      const added = row(change);
      expect(await store.add(added)).toBe(true);
      return added;
    };

    test('a row is added once, and is its owner’s', async () => {
      const added = await add();
      expect(await store.add({ ...added, text: 'again' })).toBe(false);
      expect(await store.get(added)).toEqual(added);
      expect(await store.list('ann')).toEqual([added]);
      expect(await store.get({ ...added, owner: 'bob' })).toBeNull();
      expect(await store.list('bob')).toEqual([]);
    });

    test('is written and ended by who has seen it last', async () => {
      const added = await add();
      const lastRun = {
        dueAt: '2026-05-01T09:00:00.000Z',
        at: '2026-05-01T09:00:10.000Z',
        messageId: newId(),
      };
      const saved = await store.save({ ...added, nextAt: 2_000, begunAt: 1_500, lastRun });
      expect(saved).toEqual({ ...added, nextAt: 2_000, begunAt: 1_500, lastRun, revision: 1 });
      expect(await store.get(added)).toEqual(saved);
      expect(await store.save({ ...added, text: 'late' })).toBeNull();
      expect(await store.end(added)).toBe(false);
      expect(await store.get(added)).toEqual(saved);
      if (saved) expect(await store.end(saved)).toBe(true);
      expect(await store.get(added)).toBeNull();
      if (saved) expect([await store.save(saved), await store.end(saved)]).toEqual([null, false]);
    });

    test('what is due is what is on and has come, oldest first and no more than asked for', async () => {
      const [late, early, next] = [
        await add({ nextAt: 900, owner: 'bob' }),
        await add({ nextAt: 500 }),
        await add({ nextAt: 1_001 }),
      ];
      await add({ nextAt: null });
      const key = ({ owner, id }: Schedule) => ({ owner, id });
      expect(await store.due(1_000, 10)).toEqual([early, late].map(key));
      expect(await store.due(1_001, 2)).toEqual([early, late].map(key));
      await store.save({ ...early, nextAt: null });
      expect(await store.due(1_001, 10)).toEqual([late, next].map(key));
    });

    test('removes its owner’s and no other, and one that is gone is no error', async () => {
      const [one, other] = [await add(), await add()];
      await add({ owner: 'bob', id: one.id });
      await store.remove('ann', [one.id, newId()]);
      expect(await store.list('ann')).toEqual([other]);
      expect(await store.list('bob')).toHaveLength(1);
    });
  });
}
