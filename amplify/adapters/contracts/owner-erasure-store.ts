import { beforeEach, describe, expect, test } from 'vitest';
import type { OwnerErasureStore } from '../../core/erasure.ts';

const at = Date.parse('2026-05-01T09:00:00.000Z');
const since = '2026-05-01T09:00:00.000Z';

/** What every OwnerErasureStore does. */
export function ownerErasureStoreContract(name: string, make: () => Promise<OwnerErasureStore>): void {
  describe(`owner erasure store: ${name}`, () => {
    let store: OwnerErasureStore;
    beforeEach(async () => {
      store = await make();
    });

    test('who is marked is due, the oldest first; nobody else is', async () => {
      await store.mark('bob', at + 1, false);
      expect(await store.mark('ann', at, true)).toEqual({ since, takesAccount: true });
      expect(await store.due(at - 1, 10)).toEqual([]);
      expect(await store.due(at + 1, 10)).toEqual(['ann', 'bob']);
      expect(await store.due(at + 1, 1)).toEqual(['ann']);
      expect(await store.get('ann')).toEqual({ since, takesAccount: true });
      expect(await store.get('eve')).toBeNull();
    });

    test('marked again, the first time stands, and the account goes if either said so', async () => {
      await store.mark('ann', at, false);
      await store.postpone('ann', at + 5000);
      expect(await store.mark('ann', at + 1000, true)).toEqual({ since, takesAccount: true });
      expect(await store.mark('ann', at + 2000, false)).toEqual({ since, takesAccount: true });
      expect(await store.due(at + 2000, 10)).toEqual(['ann']);
    });

    test('who is put off is due later, and not at all when nothing is left', async () => {
      await store.mark('ann', at, false);
      await store.postpone('ann', at + 1000);
      expect(await store.due(at + 999, 10)).toEqual([]);
      expect(await store.due(at + 1000, 10)).toEqual(['ann']);
      await store.close('ann');
      await store.postpone('ann', at);
      expect(await store.get('ann')).toBeNull();
      expect(await store.due(at + 5000, 10)).toEqual([]);
    });
  });
}
