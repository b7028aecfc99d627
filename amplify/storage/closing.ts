import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { unsentTag } from '../core/attachment.ts';

/**
 * Private, encrypted with S3's own keys. No rule expires a snapshot by age: an owner who comes back after months
 * still needs the one that the lease points at, and S3 can't know which that is. What newer ones have replaced is
 * deleted by core/use-cases/forget-snapshots.ts.
 */
export function closeBucket(bucket: CfnBucket, pageOrigins: readonly string[]): void {
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
      {
        // adapters/s3-files.ts: what no message has come to name.
        id: 'unsent-files',
        status: 'Enabled',
        prefix: 'owners/',
        tagFilters: [unsentTag],
        expirationInDays: 1,
      },
    ],
  };
  // What a page does with presigned URLs, and from the web app's own addresses only.
  bucket.corsConfiguration = {
    corsRules: [
      {
        allowedOrigins: [...pageOrigins],
        allowedMethods: ['GET', 'PUT'],
        allowedHeaders: ['content-type', 'x-amz-checksum-sha256', 'x-amz-tagging'],
        maxAge: 3600,
      },
    ],
  };
}
