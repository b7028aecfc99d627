import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ObjectStore } from './object-store.ts';

let directory: string;
let store: ObjectStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'objects-'));
  store = new ObjectStore(directory);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

const files = () => readdirSync(join(directory, 'blobs'));
const info = { headers: {}, user: {} };
async function put(key: string, text: string): Promise<void> {
  const blob = await store.blobs.write([Buffer.from(text)]);
  store.put({ bucket: 'b', key, etag: blob.md5, info, modifiedAt: 1 }, blob);
}
const text = async (key: string) => {
  const object = store.find('b', key);
  return object && String(await store.blobs.read(object.blob, 0, object.size - 1));
};

test('bytes whose row was never written are no object, and gone after the next start', async () => {
  await put('a', 'old');
  await store.blobs.write([Buffer.from('half of the new')]);
  expect(await text('a')).toBe('old');
  store.close();
  store = new ObjectStore(directory);
  expect(await text('a')).toBe('old');
  expect(files()).toHaveLength(1);
});

test('a body that breaks off leaves no file', async () => {
  async function* broken() {
    yield Buffer.from('half');
    throw new Error('connection lost');
  }
  await expect(store.blobs.write(broken())).rejects.toThrow('connection lost');
  expect(files()).toEqual([]);
});

test('what is replaced or deleted takes its bytes with it', async () => {
  await put('a', 'one');
  await put('a', 'two');
  expect(await text('a')).toBe('two');
  expect(files()).toHaveLength(1);
  store.delete('b', 'a');
  expect(files()).toEqual([]);
});

test('keys are listed in the order of their bytes', async () => {
  const keys = ['é', 'z', 'a/1', 'a', 'b', '😀', '\uffee'];
  for (const key of keys) await put(key, key);
  expect([...store.list('b', '')].map(({ key }) => key)).toEqual(['a', 'a/1', 'b', 'z', 'é', '\uffee', '😀']);
  expect([...store.list('b', 'a')].map(({ key }) => key)).toEqual(['a', 'a/1']);
});
