import { describe, expect, test } from 'vitest';
import type { PushDevice } from '../../core/push/device.ts';
import type { DeviceStore } from '../../core/push/push-ports.ts';

const device = (owner: string, id: string, rest: Partial<PushDevice> = {}): PushDevice => ({
  ...{ owner, id, endpoint: `https://push.example.com/${id}`, name: 'Chrome on macOS' },
  ...{ p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
  ...{ language: 'ko', showsText: false, savedAt: '2026-05-01T09:00:00.000Z' },
  ...rest,
});

/** What every DeviceStore does. */
export function deviceStoreContract(name: string, make: () => Promise<DeviceStore>): void {
  describe(`device store: ${name}`, () => {
    test('keeps each owner’s devices apart, and a device once', async () => {
      const store = await make();
      await store.put(device('ann', '1'));
      await store.put(device('ann', '2'));
      await store.put(device('bob', '1', { name: '' }));
      await store.put(device('ann', '1', { showsText: true }));
      const list = async (owner: string) =>
        [...(await store.list(owner))].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await list('ann')).toEqual([device('ann', '1', { showsText: true }), device('ann', '2')]);
      expect(await list('bob')).toEqual([device('bob', '1', { name: '' })]);
      expect(await list('eve')).toEqual([]);
    });

    test('removes one of its owner’s and no other, and one that is not there is no fault', async () => {
      const store = await make();
      await store.put(device('ann', '1'));
      await store.put(device('bob', '1'));
      await store.remove('ann', '1');
      await store.remove('ann', '1');
      expect(await store.list('ann')).toEqual([]);
      expect(await store.list('bob')).toEqual([device('bob', '1')]);
    });
  });
}
