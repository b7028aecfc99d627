import { describe, expect, test } from 'vitest';
import { s3FileUrls } from './s3-files.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const urls = s3FileUrls('bucket', { region: 'ap-northeast-2', credentials: () => credentials });
const id = '01938000-0000-7000-8000-000000000000';
const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const file = { id, name: 'photo.png', type: 'image/png', size: 1234, sha256 };

describe('An upload', () => {
  test('is bound to its key below the owner, its length, type, checksum and mark', async () => {
    const { url, headers } = await urls.upload('ann', file, { unsent: true });
    const { pathname, searchParams } = new URL(url);
    expect(pathname).toBe(`/owners/ann/files/${id}`);
    expect(searchParams.get('X-Amz-Expires')).toBe('900');
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe(
      'content-length;content-type;host;x-amz-checksum-sha256;x-amz-tagging',
    );
    expect(headers).toEqual({
      'content-length': '1234',
      'content-type': 'image/png',
      'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
      'x-amz-tagging': 'state=unsent',
    });
  });

  test.each([{ size: 1235 }, { type: 'text/html' }, { sha256: `00${sha256.slice(2)}` }])(
    'with %o has another signature',
    async (change) => {
      const signature = async (given: typeof file) =>
        new URL((await urls.upload('ann', given, { unsent: true })).url).searchParams.get('X-Amz-Signature');
      expect(await signature({ ...file, ...change })).not.toBe(await signature(file));
    },
  );
});

describe('A download', () => {
  const asked = async (name: string, type: string) => {
    const { url } = await urls.download('ann', { id, name, type, size: 1 });
    const { searchParams } = new URL(url);
    return {
      disposition: searchParams.get('response-content-disposition'),
      type: searchParams.get('response-content-type'),
    };
  };

  test.each([
    ['text/html', 'page.html'],
    ['image/svg+xml', 'drawing.svg'],
    ['application/xhtml+xml', 'x.xhtml'],
    ['application/pdf', 'x.pdf'],
  ])('of %s is bytes to be saved: nothing of it runs at the bucket’s address', async (type, name) => {
    expect(await asked(name, type)).toEqual({
      disposition: `attachment; filename="${name}"; filename*=UTF-8''${name}`,
      type: 'application/octet-stream',
    });
  });

  test('of a picture says that it is one, and is saved all the same', async () => {
    expect(await asked('a.png', 'image/png')).toEqual({
      disposition: `attachment; filename="a.png"; filename*=UTF-8''a.png`,
      type: 'image/png',
    });
  });

  test('has the file’s name in every language, and no name breaks out of its quotes', async () => {
    const korean = await asked('보고서 "1".txt', 'text/plain');
    expect(korean.disposition).toBe(
      `attachment; filename="___ _1_.txt"; filename*=UTF-8''${encodeURIComponent('보고서 _1_.txt')}`,
    );
    const { disposition } = await asked('a"\r\nx: y\'(1).txt', 'text/plain');
    expect(disposition).not.toMatch(/[\r\n]/);
    expect(disposition?.split("filename*=UTF-8''")[1]).not.toMatch(/['()"]/);
  });
});
