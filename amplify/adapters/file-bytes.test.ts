import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileUrls } from '../core/ports.ts';
import { fileBytes } from './file-bytes.ts';

/** A storage that takes what it is given under `/x`, and fails at `/down`. */
const stored = new Map<string, { type: string | undefined; sum: string; bytes: Buffer }>();
const server = createServer(async (request, response) => {
  const path = request.url ?? '';
  if (path === '/down') return void response.writeHead(503).end();
  if (request.method === 'PUT') {
    const sum = String(request.headers['x-amz-checksum-sha256']);
    stored.set(path, { type: request.headers['content-type'], sum, bytes: await buffer(request) });
    return void response.end();
  }
  const found = stored.get(path);
  response.writeHead(found ? 200 : 403).end(found?.bytes);
});
let root: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const urls: FileUrls = {
  upload: async (owner, { id, size, type, sha256 }, { unsent }) => ({
    url: `${root}/${id === 'down' ? id : `${owner}-${id}`}`,
    headers: {
      ...{ 'content-length': String(size), 'content-type': type, 'x-amz-checksum-sha256': sha256 },
      ...(unsent && { 'x-amz-tagging': 'state=unsent' }),
    },
  }),
  download: async (owner, { id }) => ({
    url: `${root}/${id === 'down' ? id : `${owner}-${id}`}`,
    headers: {},
  }),
};
const bytes = fileBytes(urls);
const file = { id: 'a', name: 'a.png', type: 'image/png', size: 3 };

test('a file is written with its type and checksum, and read again by its owner', async () => {
  await bytes.write('ann', file, Buffer.from('abc'));
  expect(stored.get('/ann-a')).toMatchObject({
    type: 'image/png',
    sum: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  expect(Buffer.from((await bytes.read('ann', file)) ?? []).toString()).toBe('abc');
});

test('what is not there is nothing; a storage that fails is an error', async () => {
  expect(await bytes.read('bob', file)).toBeNull();
  await expect(bytes.read('ann', { ...file, id: 'down' })).rejects.toThrow('503');
  await expect(bytes.write('ann', { ...file, id: 'down' }, Buffer.from('abc'))).rejects.toThrow('503');
});
