import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../service.ts';

const base64OfInteger = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
};

const algorithms: Record<string, (body: Buffer) => string> = {
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-crc32': (body) => base64OfInteger(crc32(body)),
  'content-md5': (body) => createHash('md5').update(body).digest('base64'),
};

/** Compares every checksum that came along with the body. Throws `BadDigest` at a difference. Gives what to keep. */
export function verifyChecksums(
  body: Buffer,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!name.startsWith('x-amz-checksum-') && name !== 'content-md5') continue;
    if (name === 'x-amz-checksum-algorithm' || name === 'x-amz-checksum-mode') continue;
    const compute = algorithms[name];
    if (!compute) throw new AwsError('NotImplemented', `The local cloud's S3 has no ${name}.`, 501);
    if (compute(body) !== value) {
      throw new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    }
    if (name !== 'content-md5') kept[name] = value;
  }
  return kept;
}
