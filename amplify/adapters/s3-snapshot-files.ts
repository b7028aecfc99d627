import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { SnapshotFiles } from '../core/ports.ts';

/** Snapshots in a bucket, as the function that tidies up sees them. */
export function s3SnapshotFiles(bucket: string, client = new S3Client({})): SnapshotFiles {
  return {
    list: async (owner) => {
      const { Contents } = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `owners/${owner}/snapshots/` }),
      );
      return (Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
    remove: async (keys) => {
      const Objects = keys.map((Key) => ({ Key }));
      const { Errors } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors ?? [];
      if (first) throw new Error(`S3 kept ${Errors?.length} of ${keys.length} files: ${first.Code}`);
    },
  };
}
