import { beforeEach, describe, expect, test } from 'vitest';
import type { UsageStore } from '../../core/ports.ts';

const noon = Date.parse('2026-11-25T12:00:00.000Z');
const minute = 60_000;
const task = { taskId: 't1', from: noon, secondUsd: 0.000_01 };

/** What every UsageStore does. */
export function usageStoreContract(name: string, make: () => Promise<UsageStore>): void {
  describe(`usage store: ${name}`, () => {
    let store: UsageStore;
    beforeEach(async () => {
      store = await make();
    });

    test('an owner without usage has used nothing', async () => {
      expect(await store.get('ann', '2026-11')).toMatchObject({ counted: 0, days: [], tasks: 0 });
    });

    test('a task’s seconds are booked once, however often and in which order it is told', async () => {
      for (const until of [5, 10, 10, 3, 12, 12]) {
        await store.bookTask('ann', { ...task, until: noon + until * minute });
      }
      expect(await store.get('ann', '2026-11')).toMatchObject({
        ...{ seconds: 720, tasks: 1, aws: 7200, counted: 7200 },
        days: [{ day: '2026-11-25', aws: 7200, model: 0, counted: 7200 }],
      });
      expect((await store.get('bob', '2026-11')).counted).toBe(0);
    });

    test('what tasks of all owners cost counts for the deployment, once', async () => {
      const before = (await store.ofDeployment('2026-11')).counted;
      for (const until of [5, 5, 3])
        await store.bookTask('ann', { ...task, taskId: 't7', until: noon + until * minute });
      await Promise.all(
        [2, 4, 4].map((until) =>
          store.bookTask('bob', { ...task, taskId: 't8', until: noon + until * minute }),
        ),
      );
      expect((await store.ofDeployment('2026-11')).counted - before).toBe(5400);
      expect((await store.get('ann', '2026-11')).counted).toBe(3000);
    });

    test('bookings of one task side by side are one', async () => {
      await Promise.all(
        [2, 4, 4, 6].map((until) => store.bookTask('ann', { ...task, until: noon + until * minute })),
      );
      expect(await store.get('ann', '2026-11')).toMatchObject({ seconds: 360, counted: 3600 });
    });

    test('tasks add up, each at its own price', async () => {
      await store.bookTask('ann', { ...task, until: noon + minute });
      await store.bookTask('ann', { taskId: 't2', from: noon, until: noon + minute, secondUsd: 0.000_02 });
      expect(await store.get('ann', '2026-11')).toMatchObject({ tasks: 2, seconds: 120, aws: 1800 });
    });

    test('a task over midnight and month’s end is booked on the days on which it ran', async () => {
      const from = Date.parse('2026-11-30T23:50:00.000Z');
      await store.bookTask('ann', { ...task, from, until: from + 5 * minute });
      await store.bookTask('ann', { ...task, from, until: from + 15 * minute });
      expect((await store.get('ann', '2026-11')).days).toEqual([
        { day: '2026-11-30', model: 0, aws: 6000, counted: 6000 },
      ]);
      expect((await store.get('ann', '2026-12')).days).toEqual([
        { day: '2026-12-01', model: 0, aws: 3000, counted: 3000 },
      ]);
    });
  });
}
