import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';

/** Deletes what lies under these keys, a thousand at most. Throws when S3 kept any of it. */
export async function removeObjects(
  client: S3Client,
  bucket: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = Errors ?? [];
  if (first) throw new Error(`S3 kept ${Errors?.length} of ${keys.length} files: ${first.Code}`);
}
