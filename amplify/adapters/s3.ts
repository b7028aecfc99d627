import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { SnapshotUrls } from '../core/ports.ts';

/** URLs live this long, seconds. */
const expiresIn = 15 * 60;
const contentType = 'application/zstd';

/** Snapshots in a bucket, reached by whoever holds the URL. */
export function s3SnapshotUrls(
  bucket: string,
  // The checksum that is asked for is the only one that may be signed.
  client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
): SnapshotUrls {
  return {
    download: async (key) => ({
      url: await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn }),
      headers: {},
    }),
    upload: async ({ key, size, sha256 }) => {
      const checksum = Buffer.from(sha256, 'hex').toString('base64');
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentLength: size,
        ContentType: contentType,
        ChecksumSHA256: checksum,
      });
      const bound = new Set(['content-length', 'content-type', 'x-amz-checksum-sha256']);
      // Unhoistable: a header that moves into the query is not compared with what is sent.
      const options = { expiresIn, signableHeaders: new Set([...bound, 'host']), unhoistableHeaders: bound };
      return {
        url: await getSignedUrl(client, command, options),
        headers: {
          'content-length': String(size),
          'content-type': contentType,
          'x-amz-checksum-sha256': checksum,
        },
      };
    },
  };
}
