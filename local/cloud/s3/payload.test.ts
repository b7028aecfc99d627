import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readPayload } from './payload.ts';

const form = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const sha256 = createHash('sha256').update('hello').digest('base64');
const chunked = (text: string, values = {}) =>
  readPayload(Buffer.from(text), {
    'x-amz-content-sha256': form,
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-sha256',
    ...values,
  });
const trailer = `x-amz-checksum-sha256:${sha256}\r\n\r\n`;

test('chunks become one body, and the trailing checksum is kept', () => {
  const { body, checksum } = chunked(`2\r\nhe\r\n3\r\nllo\r\n0\r\n${trailer}`);
  expect(body.toString()).toBe('hello');
  expect(checksum).toEqual({ algorithm: 'SHA256', value: sha256, type: 'FULL_OBJECT' });
});

test.each([
  ['a chunk that is cut short', `5\r\nhel`, 'IncompleteBody'],
  ['a chunk longer than it says', `4\r\nhello\r\n0\r\n${trailer}`, 'IncompleteBody'],
  ['a body shorter than announced', `2\r\nhe\r\n0\r\n${trailer}`, 'IncompleteBody'],
  ['a size that is none', `x\r\nhello\r\n0\r\n${trailer}`, 'IncompleteBody'],
  ['no end', '5\r\nhello\r\n', 'IncompleteBody'],
  ['no announced trailer', '5\r\nhello\r\n0\r\n\r\n', 'MalformedTrailerError'],
  ['another body than was summed', `5\r\nhellO\r\n0\r\n${trailer}`, 'BadDigest'],
])('%s is refused', (_, text, code) => {
  expect(() => chunked(text)).toThrow(expect.objectContaining({ code }));
});

test('two checksums at once are refused, and one that nobody knows', () => {
  const plain = (values: Record<string, string>) => () => readPayload(Buffer.from('hello'), values);
  const both = { 'x-amz-checksum-sha256': sha256, 'x-amz-checksum-crc32': 'NhCmhg==' };
  expect(plain(both)).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  expect(plain({ 'x-amz-checksum-md4': 'x' })).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
});
