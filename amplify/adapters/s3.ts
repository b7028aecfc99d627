import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { SnapshotUrls } from '../core/ports.ts';
import { expiresIn, presignPut } from './s3-presign.ts';

/** Snapshots in a bucket, reached by whoever holds the URL. */
export function s3SnapshotUrls(
  bucket: string,
  client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
): SnapshotUrls {
  return {
    download: async (key, name) => {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(name && { ResponseContentDisposition: `attachment; filename="${name}"` }),
      });
      return { url: await getSignedUrl(client, command, { expiresIn }), headers: {} };
    },
    upload: (file) => presignPut(client, { bucket, type: 'application/zstd', ...file }),
  };
}
