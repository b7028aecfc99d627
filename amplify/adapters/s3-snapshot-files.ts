import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { SnapshotFiles } from '../core/ports.ts';
import { removeObjects } from './s3-remove.ts';

/** Snapshots in a bucket, as the function that tidies up sees them. */
export function s3SnapshotFiles(bucket: string, client = new S3Client({})): SnapshotFiles {
  return {
    list: async (owner) => {
      const { Contents } = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `owners/${owner}/snapshots/` }),
      );
      return (Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
    remove: (keys) => removeObjects(client, bucket, keys),
  };
}
