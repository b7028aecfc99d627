import { createGunzip, createZstdDecompress } from 'node:zlib';
import { unsentTag } from '../core/attachment.ts';
import type { SnapshotImports } from '../core/ports.ts';
import { importKey } from '../core/snapshot.ts';
import { type Compression, compressionOf, tarBlock } from '../core/state-file.ts';
import type { AwsOptions } from './aws/client.ts';
import { AwsFault } from './aws/fault.ts';
import { type S3Bucket, s3Bucket } from './s3-client.ts';
import { presignPut } from './s3-presign.ts';

/** Files in a bucket that are to become saved states. */
export function s3SnapshotImports(bucket: string, options?: AwsOptions): SnapshotImports {
  const place = s3Bucket(bucket, options);
  return {
    upload: (owner, { id, size, sha256 }) =>
      presignPut(place, {
        ...{ key: importKey(owner, id), size, sha256, type: 'application/octet-stream' },
        tagging: `${unsentTag.key}=${unsentTag.value}`,
      }),
    find: async (owner, id) => {
      const key = importKey(owner, id);
      try {
        const { headers } = await place.send({
          ...{ method: 'HEAD', key },
          headers: { 'x-amz-checksum-mode': 'ENABLED' },
        });
        const bytes = await firstBytes(place, key);
        const compression = compressionOf(bytes);
        return {
          key,
          size: Number(headers.get('content-length')),
          sha256: hexOf(headers.get('x-amz-checksum-sha256')),
          compression,
          begin: compression ? await beginOf(bytes, compression) : new Uint8Array(),
        };
      } catch (error) {
        // S3 says 403 instead of 404 to who may not list.
        if (error instanceof AwsFault && (error.status === 404 || error.status === 403)) return null;
        throw error;
      }
    },
    keep: async (owner, id) =>
      void (await place.send({ method: 'DELETE', key: importKey(owner, id), query: { tagging: '' } })),
  };
}

/** S3 keeps the checksum that an upload was bound to; what has none was put there by nobody's presigned URL. */
function hexOf(checksum: string | null): string {
  if (!checksum) throw new Error('S3 has no SHA-256 of an imported file');
  return Buffer.from(checksum, 'base64').toString('hex');
}

/** More than one block of zstd, which gives nothing before it is whole. */
const portion = 256 * 1024;

async function firstBytes(bucket: S3Bucket, key: string): Promise<Uint8Array> {
  // By a URL, since answers are text otherwise.
  const url = await bucket.presign({ method: 'GET', key });
  const response = await fetch(url, {
    headers: { range: `bytes=0-${portion - 1}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`S3 answered ${response.status} for the first bytes of an imported file`);
  return new Uint8Array(await response.arrayBuffer());
}

/** What the first bytes of a file hold uncompressed: a tar's header, or less. */
async function beginOf(bytes: Uint8Array, compression: Compression): Promise<Uint8Array> {
  const stream = compression === 'zstd' ? createZstdDecompress() : createGunzip();
  stream.end(bytes);
  let begin = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      begin = Buffer.concat([begin, chunk as Buffer]);
      if (begin.length >= tarBlock) break;
    }
  } catch {
    // Cut off, as it was asked for, or damaged: what came out is what counts.
  }
  return begin.subarray(0, tarBlock);
}
