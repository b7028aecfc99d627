import { expect, test } from 'vitest';
import { s3SnapshotUrls } from './s3.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const urls = s3SnapshotUrls('bucket', { region: 'ap-northeast-2', credentials: () => credentials });
const key = 'owners/ann/snapshots/2-7.tar.zst';
const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

test('an upload is bound to its key, length, type and checksum for a quarter of an hour', async () => {
  const { url, headers } = await urls.upload({ key, size: 1234, sha256 });
  const { pathname, searchParams } = new URL(url);
  expect(pathname).toBe(`/${key}`);
  expect(searchParams.get('X-Amz-Expires')).toBe('900');
  expect(searchParams.get('X-Amz-SignedHeaders')).toBe(
    'content-length;content-type;host;x-amz-checksum-sha256',
  );
  expect(headers).toEqual({
    'content-length': '1234',
    'content-type': 'application/zstd',
    'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
  });
});

test('another length or checksum has another signature', async () => {
  const signature = async (file: { size: number; sha256: string }) =>
    new URL((await urls.upload({ key, ...file })).url).searchParams.get('X-Amz-Signature');
  const one = await signature({ size: 1234, sha256 });
  expect(await signature({ size: 1235, sha256 })).not.toBe(one);
  expect(await signature({ size: 1234, sha256: `00${sha256.slice(2)}` })).not.toBe(one);
});

test('a download needs nothing but its URL', async () => {
  const { url, headers } = await urls.download(key);
  expect(new URL(url).pathname).toBe(`/${key}`);
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('900');
  expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('host');
  expect(headers).toEqual({});
});
