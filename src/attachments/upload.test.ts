import { expect, test } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import { type Put, uploadFile } from './upload.ts';

const file = new File(['hello'], '../보고서.TXT', { type: 'text/plain;charset=utf-8' });
const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

test('a file is announced by what it is, and its bytes go where the backend says', async () => {
  const api = createMemoryApi();
  const shares: number[] = [];
  const put: Put = async (to, blob, tell) => {
    expect(to.url).toMatch(/^http/);
    expect(await blob.text()).toBe('hello');
    tell(0.5);
  };
  const attachment = await uploadFile(
    api,
    file,
    (share) => shares.push(share),
    new AbortController().signal,
    put,
  );
  expect(attachment).toMatchObject({
    name: '.._보고서.TXT'.replace(/^\.+/, ''),
    type: 'text/plain',
    size: 5,
  });
  expect(api.calls).toMatchObject([['uploadFile', { sha256, size: 5, type: 'text/plain' }]]);
  expect(shares).toEqual([0.5]);
});

test('an upload that was taken back asks for nothing and puts nothing', async () => {
  const api = createMemoryApi();
  const stop = new AbortController();
  stop.abort();
  const put: Put = () => expect.unreachable();
  await expect(uploadFile(api, file, () => {}, stop.signal, put)).rejects.toThrow();
  expect(api.calls).toEqual([]);
});
