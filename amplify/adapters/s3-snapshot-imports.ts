import { createGunzip, createZstdDecompress } from 'node:zlib';
import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { unsentTag } from '../core/attachment.ts';
import type { SnapshotImports } from '../core/ports.ts';
import { importKey } from '../core/snapshot.ts';
import { type Compression, compressionOf, tarBlock } from '../core/state-file.ts';
import { presignPut } from './s3-presign.ts';

/** More than one block of zstd, which gives nothing before it is whole. */
const firstBytes = 256 * 1024;

/** Files in a bucket that are to become saved states. */
export function s3SnapshotImports(
  bucket: string,
  client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
): SnapshotImports {
  const place = (owner: string, id: string) => ({ Bucket: bucket, Key: importKey(owner, id) });
  return {
    upload: (owner, { id, size, sha256 }) =>
      presignPut(client, {
        ...{ bucket, key: importKey(owner, id), size, sha256, type: 'application/octet-stream' },
        tagging: `${unsentTag.key}=${unsentTag.value}`,
      }),
    find: async (owner, id) => {
      const object = place(owner, id);
      try {
        const head = await client.send(new HeadObjectCommand({ ...object, ChecksumMode: 'ENABLED' }));
        const range = `bytes=0-${firstBytes - 1}`;
        const { Body } = await client.send(new GetObjectCommand({ ...object, Range: range }));
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        const compression = compressionOf(bytes);
        return {
          key: object.Key,
          size: head.ContentLength ?? 0,
          sha256: hexOf(head.ChecksumSHA256),
          compression,
          begin: compression ? await beginOf(bytes, compression) : new Uint8Array(),
        };
      } catch (error) {
        // S3 says 403 instead of 404 to who may not list.
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 404 || status === 403) return null;
        throw error;
      }
    },
    keep: async (owner, id) => void (await client.send(new DeleteObjectTaggingCommand(place(owner, id)))),
  };
}

/** S3 keeps the checksum that an upload was bound to; what has none was put there by nobody's presigned URL. */
function hexOf(checksum: string | undefined): string {
  if (!checksum) throw new Error('S3 has no SHA-256 of an imported file');
  return Buffer.from(checksum, 'base64').toString('hex');
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
