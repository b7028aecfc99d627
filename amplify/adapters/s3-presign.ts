import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Presigned } from '../core/presigned.ts';

/** URLs live this long, seconds. */
export const expiresIn = 15 * 60;

/**
 * Where a file of this key, length, type and SHA-256 (hex) may be put, and no other. The client must be made with
 * `requestChecksumCalculation: 'WHEN_REQUIRED'`: the checksum that is asked for is the only one that may be signed.
 */
export async function presignPut(
  client: S3Client,
  file: { bucket: string; key: string; size: number; type: string; sha256: string; tagging?: string },
): Promise<Presigned> {
  const headers = {
    'content-length': String(file.size),
    'content-type': file.type,
    'x-amz-checksum-sha256': Buffer.from(file.sha256, 'hex').toString('base64'),
    ...(file.tagging && { 'x-amz-tagging': file.tagging }),
  };
  const command = new PutObjectCommand({
    Bucket: file.bucket,
    Key: file.key,
    ContentLength: file.size,
    ContentType: file.type,
    ChecksumSHA256: headers['x-amz-checksum-sha256'],
    Tagging: file.tagging,
  });
  const bound = new Set(Object.keys(headers));
  // Unhoistable: a header that moves into the query is not compared with what is sent.
  const options = { expiresIn, signableHeaders: new Set([...bound, 'host']), unhoistableHeaders: bound };
  return { url: await getSignedUrl(client, command, options), headers };
}
