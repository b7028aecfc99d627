import { beforeEach, describe, expect, test } from 'vitest';
import type { ParameterStore, SecretStore } from '../../core/ports.ts';

/** What every SecretStore, and the ParameterStore that reads what it stores, do. `owner`: whose names it is asked for. */
export function secretStoreContract(
  name: string,
  make: () => Promise<{ secrets: SecretStore; reader: ParameterStore; owner: string }>,
): void {
  describe(`secret store: ${name}`, () => {
    let secrets: SecretStore;
    let reader: ParameterStore;
    let key: string;
    beforeEach(async () => {
      const made = await make();
      ({ secrets, reader } = made);
      key = `/owners/${made.owner}/provider-key`;
    });

    test('a value is read as it was stored, by whoever may', async () => {
      expect(await secrets.get(key)).toBeNull();
      expect(await reader.get(key)).toBeNull();
      const value = JSON.stringify({ key: 'sk-"quoted" \\ 열쇠' });
      await secrets.put(key, value);
      expect(await secrets.get(key)).toBe(value);
      expect(await reader.get(key)).toBe(value);
    });

    test('a new value takes the old one’s place', async () => {
      await secrets.put(key, 'first');
      await secrets.put(key, 'second');
      expect(await reader.get(key)).toBe('second');
    });

    test('what was removed is gone, and removing it again is no error', async () => {
      await secrets.put(key, 'value');
      await secrets.remove(key);
      expect(await secrets.get(key)).toBeNull();
      await secrets.remove(key);
    });
  });
}
