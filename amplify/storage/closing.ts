import type { CfnBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Private, encrypted with S3's own keys. No rule expires a snapshot by age: an owner who comes back after months
 * still needs the one that the lease points at, and S3 can't know which that is. What newer ones have replaced is
 * deleted by core/use-cases/forget-snapshots.ts.
 */
export function closeBucket(bucket: CfnBucket): void {
  bucket.publicAccessBlockConfiguration = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  bucket.bucketEncryption = {
    serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  };
  bucket.ownershipControls = { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] };
  bucket.lifecycleConfiguration = {
    rules: [
      {
        id: 'unfinished-uploads',
        status: 'Enabled',
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  };
  // No page talks to it yet.
  bucket.corsConfiguration = undefined;
}
