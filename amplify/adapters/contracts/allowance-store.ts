import { beforeEach, describe, expect, test } from 'vitest';
import type { AllowanceStore } from '../../core/ports.ts';

const place = { owner: 'ann', day: '2026-05-01', expiresAt: 1_777_766_400 };
const windows = [
  { counter: 'messages', limit: 3, endsAt: 2 },
  { counter: 'messages09', limit: 2, endsAt: 1 },
];

/** What every AllowanceStore does. */
export function allowanceStoreContract(name: string, make: () => Promise<AllowanceStore>): void {
  describe(`allowance store: ${name}`, () => {
    let store: AllowanceStore;
    beforeEach(async () => {
      store = await make();
    });
    const counters = async (own = windows) => (await store.take(place, own)).map(({ counter }) => counter);

    test('a use counts in every window, and one that is used up counts in none', async () => {
      expect(await counters()).toEqual([]);
      expect(await counters()).toEqual([]);
      expect(await counters()).toEqual(['messages09']);
      const nextHour = [windows[0], { counter: 'messages10', limit: 2, endsAt: 1 }] as typeof windows;
      expect(await counters(nextHour)).toEqual([]);
      expect(await counters(nextHour)).toEqual(['messages']);
    });

    test('ten uses at once share what is left', async () => {
      const taken = await Promise.all(Array.from({ length: 10 }, () => counters()));
      expect(taken.filter((usedUp) => usedUp.length === 0)).toHaveLength(2);
    });

    test('what is given back can be used again', async () => {
      await counters();
      await counters();
      await store.giveBack(place, windows);
      expect(await counters()).toEqual([]);
      expect(await counters()).toEqual(['messages09']);
    });

    test('owners and days do not share', async () => {
      await counters();
      await counters();
      expect(await store.take({ ...place, owner: 'ben' }, windows)).toEqual([]);
      expect(await store.take({ ...place, day: '2026-05-02' }, windows)).toEqual([]);
    });
  });
}
