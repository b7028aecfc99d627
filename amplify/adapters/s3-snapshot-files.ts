import type { SnapshotFiles } from '../core/ports.ts';
import type { AwsOptions } from './aws/client.ts';
import { s3Bucket, textsOf } from './s3-client.ts';
import { removeObjects } from './s3-remove.ts';

/** Snapshots in a bucket, as the function that tidies up sees them. */
export function s3SnapshotFiles(bucket: string, options?: AwsOptions): SnapshotFiles {
  const place = s3Bucket(bucket, options);
  return {
    list: async (owner) => {
      const query = { 'list-type': '2', prefix: `owners/${owner}/snapshots/` };
      return textsOf((await place.send({ method: 'GET', query })).text, 'Key');
    },
    remove: (keys) => removeObjects(place, keys),
  };
}
