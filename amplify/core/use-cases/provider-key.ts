import type { Clock, SecretStore } from '../ports.ts';
import { checkKey, type KeyView, providerKeyName, viewOfKey } from '../provider-key.ts';
import type { Provider } from '../settings.ts';

export interface KeyPorts {
  secrets: SecretStore;
  now: Clock;
}

/** Stores an owner's key for one provider, instead of the one before. Gives what may be seen of it. Throws `key.invalid`. */
export async function saveKey(
  ports: KeyPorts,
  input: { owner: string; provider: Provider; key: string },
): Promise<KeyView> {
  const { owner, provider } = input;
  const key = checkKey(input.key);
  const parameter = JSON.stringify({ provider, key, savedAt: new Date(ports.now()).toISOString() });
  await ports.secrets.put(providerKeyName(owner), parameter);
  return viewOfKey(parameter) as KeyView;
}

/** Removes the key; one that is gone is no error. */
export const deleteKey = (ports: KeyPorts, owner: string): Promise<void> =>
  ports.secrets.remove(providerKeyName(owner));

/** What may be seen of the key; null when there is none. */
export const readKeyView = async (ports: KeyPorts, owner: string): Promise<KeyView | null> =>
  viewOfKey(await ports.secrets.get(providerKeyName(owner)));
