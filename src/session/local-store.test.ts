import { describe, expect, test } from 'vitest';
import { createDrafts } from '../chat/drafts.ts';
import { clearUserData, type KeyValues, openLocalStore } from './local-store.ts';

function memoryStorage(limit = Number.POSITIVE_INFINITY): KeyValues & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
      all.set(key, value);
    },
    removeItem: (key) => void all.delete(key),
    key: (index) => [...all.keys()][index] ?? null,
    get length() {
      return all.size;
    },
  };
}

describe('what a user keeps in the browser', () => {
  test('is there again after a reload', () => {
    const storage = memoryStorage();
    createDrafts(openLocalStore(storage, 'ann')).save('c1', '안녕');
    expect(createDrafts(openLocalStore(storage, 'ann')).load('c1')).toBe('안녕');
  });

  test('is gone when another user signs in, and stays gone', () => {
    const storage = memoryStorage();
    createDrafts(openLocalStore(storage, 'ann')).save(null, 'a secret');
    openLocalStore(storage, 'bob');
    expect([...storage.all.values()].join()).not.toContain('secret');
    expect(createDrafts(openLocalStore(storage, 'ann')).load(null)).toBe('');
  });

  test('is gone after signing out; language and theme stay', () => {
    const storage = memoryStorage();
    storage.setItem('openclaw.device.theme', 'dark');
    openLocalStore(storage, 'ann').write('draft.new', 'a secret');
    clearUserData(storage);
    expect([...storage.all]).toEqual([['openclaw.device.theme', 'dark']]);
  });

  test('each conversation has its own draft, and an empty one leaves nothing behind', () => {
    const storage = memoryStorage();
    const drafts = createDrafts(openLocalStore(storage, 'ann'));
    drafts.save('c1', 'one');
    drafts.save('c2', 'two');
    drafts.save('c1', '');
    expect([drafts.load('c1'), drafts.load('c2')]).toEqual(['', 'two']);
    expect([...storage.all.keys()].some((key) => key.includes('c1'))).toBe(false);
  });

  test('says so when there is no room, and does not fail', () => {
    const store = openLocalStore(memoryStorage(3), 'ann');
    expect(store.write('draft.new', 'much too long')).toBe(false);
    expect(store.read('draft.new')).toBeNull();
  });
});
