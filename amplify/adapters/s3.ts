import type { SnapshotUrls } from '../core/ports.ts';
import type { AwsOptions } from './aws/client.ts';
import { s3Bucket } from './s3-client.ts';
import { presignPut } from './s3-presign.ts';

/** Snapshots in a bucket, reached by whoever holds the URL. */
export function s3SnapshotUrls(bucket: string, options?: AwsOptions): SnapshotUrls {
  const place = s3Bucket(bucket, options);
  return {
    download: async (key, name) => {
      const query = name && { 'response-content-disposition': `attachment; filename="${name}"` };
      return { url: await place.presign({ method: 'GET', key, ...(query && { query }) }), headers: {} };
    },
    upload: (file) => presignPut(place, { type: 'application/zstd', ...file }),
  };
}
