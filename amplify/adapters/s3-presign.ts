import type { Presigned } from '../core/presigned.ts';
import type { S3Bucket } from './s3-client.ts';

/** Where a file of this key, length, type and SHA-256 (hex) may be put, and no other. */
export async function presignPut(
  bucket: S3Bucket,
  file: { key: string; size: number; type: string; sha256: string; tagging?: string },
): Promise<Presigned> {
  // Headers, and not in the query: what stands there is not compared with what is sent.
  const headers = {
    'content-length': String(file.size),
    'content-type': file.type,
    'x-amz-checksum-sha256': Buffer.from(file.sha256, 'hex').toString('base64'),
    ...(file.tagging && { 'x-amz-tagging': file.tagging }),
  };
  return { url: await bucket.presign({ method: 'PUT', key: file.key, headers }), headers };
}
