/** The part of Web Storage that we use; `window.localStorage` is one. */
export type KeyValues = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Whose data lies in this browser. */
const ownerKey = 'openclaw.owner';
const dataPrefix = 'openclaw.user.';

/** What one user keeps in this browser: drafts and messages that were not sent yet. */
export interface LocalStore {
  read(name: string): unknown;
  /** False when the browser has no room or keeps nothing (private windows). */
  write(name: string, value: unknown): boolean;
  remove(name: string): void;
  /** The full key, to tell one's own `storage` events from others. */
  keyOf(name: string): string;
}

const keysOf = (storage: KeyValues): string[] =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');

/** Removes what any user kept in this browser. Language and theme stay: they belong to the device. */
export function clearUserData(storage: KeyValues): void {
  for (const key of keysOf(storage)) if (key.startsWith(dataPrefix)) storage.removeItem(key);
  storage.removeItem(ownerKey);
}

/** Opens the user's part. Whatever another user left behind is removed first. */
export function openLocalStore(storage: KeyValues, owner: string): LocalStore {
  if (storage.getItem(ownerKey) !== owner) {
    clearUserData(storage);
    try {
      storage.setItem(ownerKey, owner);
    } catch {
      // Without room nothing is kept, so nothing can be left behind either.
    }
  }
  const keyOf = (name: string) => `${dataPrefix}${owner}.${name}`;
  return {
    keyOf,
    read: (name) => {
      try {
        return JSON.parse(storage.getItem(keyOf(name)) ?? 'null');
      } catch {
        return null;
      }
    },
    write: (name, value) => {
      try {
        storage.setItem(keyOf(name), JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    remove: (name) => storage.removeItem(keyOf(name)),
  };
}
