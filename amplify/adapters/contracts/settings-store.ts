import { describe, expect, test } from 'vitest';
import type { SettingsStore } from '../../core/ports.ts';
import type { Settings } from '../../core/settings.ts';

/** What every SettingsStore does. `save`: as the owner's page does it. */
export function settingsStoreContract(
  name: string,
  make: () => Promise<{
    store: SettingsStore;
    owner: string;
    save: (settings: Settings, revision: number) => Promise<void>;
  }>,
): void {
  describe(`settings store: ${name}`, () => {
    test('an owner who saved none has none', async () => {
      const { store, owner } = await make();
      expect(await store.get(owner)).toEqual({});
    });

    test('what was saved last is what is read, and nobody else reads it', async () => {
      const { store, owner, save } = await make();
      const first: Settings = { capacity: 'spot-only', idleSeconds: 60, language: 'ko' };
      await save(first, 0);
      expect(await store.get(owner)).toEqual(first);
      const second: Settings = {
        ...{ idleSeconds: 120, provider: 'deepseek', model: 'deepseek-chat' },
        ...{ modelPrice: { input: 1, output: 2 }, dayCapCents: 250 },
      };
      await save(second, 1);
      expect(await store.get(owner)).toEqual(second);
      expect(await store.get('somebody-else')).toEqual({});
    });
  });
}
