import { createHash } from 'node:crypto';
import { AwsError } from '../service.ts';
import { crc32cOf, crc32Of, crc64NvmeOf } from './crc.ts';
import type { Values } from './values.ts';

export type Algorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** How S3 keeps a checksum: base64, of a multipart object with the number of parts behind it. */
export interface Checksum {
  readonly algorithm: Algorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const compute: Readonly<Record<Algorithm, (body: Uint8Array) => Buffer>> = {
  CRC32: crc32Of,
  CRC32C: crc32cOf,
  CRC64NVME: crc64NvmeOf,
  SHA1: (body) => createHash('sha1').update(body).digest(),
  SHA256: (body) => createHash('sha256').update(body).digest(),
};

/** The checksum of a body, as bytes. */
export function digestOf(algorithm: Algorithm, body: Uint8Array): Buffer {
  return compute[algorithm](body);
}

/** An algorithm by the name that a header gives it. Throws InvalidRequest. */
export function algorithmOf(name: string): Algorithm {
  const upper = name.toUpperCase();
  if (upper in compute) return upper as Algorithm;
  throw new AwsError('InvalidRequest', `Checksum algorithm provided is unsupported: ${name}`);
}

const prefix = 'x-amz-checksum-';
const notValues = new Set([`${prefix}algorithm`, `${prefix}mode`, `${prefix}type`]);

/** The one checksum among a request's values (headers, query or trailer). */
export function claimedChecksum(values: Values): { algorithm: Algorithm; value: string } | undefined {
  const claims = Object.entries(values).filter(([name]) => name.startsWith(prefix) && !notValues.has(name));
  if (claims.length > 1) {
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [claim] = claims;
  return claim && { algorithm: algorithmOf(claim[0].slice(prefix.length)), value: claim[1] };
}

/** Compares a body with the checksums that came with it. Throws BadDigest; gives what to keep. */
export function verifyChecksum(body: Uint8Array, values: Values): Checksum | undefined {
  const md5 = values['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const claim = claimedChecksum(values);
  if (!claim) return undefined;
  const { algorithm, value } = claim;
  if (digestOf(algorithm, body).toString('base64') !== value) {
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/** The headers that show a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  const { algorithm, value, type } = checksum;
  return { [`${prefix}${algorithm.toLowerCase()}`]: value, 'x-amz-checksum-type': type };
}
