import { AwsError, type HttpRequest } from '../service.ts';

/** What a request asks for, named as the API names it. */
export type OperationName =
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'ListObjectsV2'
  | 'DeleteObjects'
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'GetObjectTagging'
  | 'PutObjectTagging'
  | 'DeleteObjectTagging'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts';

/** Query parameters that make a request another one than its method and path say. */
const subresources = new Set(
  `accelerate acl analytics append attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle
   list-type location logging metadataConfiguration metadataTable metrics notification object-lock ownershipControls
   partNumber policy policyStatus publicAccessBlock renameObject replication requestPayment restore retention select
   session tagging torrent uploadId uploads versionId versioning versions website`.split(/\s+/),
);

/** By method, `bucket` or `key`, and the subresources in alphabetical order. */
const operations: Readonly<Record<string, OperationName>> = {
  'DELETE bucket': 'DeleteBucket',
  'DELETE key': 'DeleteObject',
  'DELETE key tagging': 'DeleteObjectTagging',
  'DELETE key uploadId': 'AbortMultipartUpload',
  'GET bucket list-type': 'ListObjectsV2',
  'GET bucket location': 'GetBucketLocation',
  'GET key': 'GetObject',
  'GET key tagging': 'GetObjectTagging',
  'GET key uploadId': 'ListParts',
  'HEAD bucket': 'HeadBucket',
  'HEAD key': 'HeadObject',
  'POST bucket delete': 'DeleteObjects',
  'POST key uploadId': 'CompleteMultipartUpload',
  'POST key uploads': 'CreateMultipartUpload',
  'PUT key': 'PutObject',
  'PUT key partNumber uploadId': 'UploadPart',
  'PUT key tagging': 'PutObjectTagging',
};

/** Headers that change what an operation does in a way that is not served. */
const unserved = [
  'x-amz-bypass-governance-retention',
  'x-amz-copy-source-range',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write-acp',
  'x-amz-mfa',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-rename-source',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

const harmless: Readonly<Record<string, RegExp>> = {
  'x-amz-acl': /^(private|bucket-owner-full-control)$/,
  'x-amz-server-side-encryption': /^AES256$/,
  'x-amz-storage-class': /^STANDARD$/,
  'x-amz-tagging-directive': /^COPY$/,
};

/** Names the operation. Throws 501 NotImplemented, naming what was asked, for any that is not served. */
export function operationOf(request: HttpRequest, hasKey: boolean): OperationName {
  const asked = [...request.url.searchParams.keys()].filter((name) => subresources.has(name)).sort();
  const form = [request.method, hasKey ? 'key' : 'bucket', ...asked].join(' ');
  const operation = operations[form];
  const refuse = (what: string) =>
    new AwsError('NotImplemented', `The local cloud's S3 has no ${what}.`, 501);
  if (!operation) throw refuse(form);
  if (operation === 'ListObjectsV2' && request.url.searchParams.get('list-type') !== '2') throw refuse(form);
  const given = (name: string) => request.headers[name] ?? request.url.searchParams.get(name) ?? undefined;
  for (const name of unserved) if (given(name) !== undefined) throw refuse(`${operation} with ${name}`);
  for (const [name, allowed] of Object.entries(harmless)) {
    const value = given(name);
    if (value !== undefined && !allowed.test(String(value)))
      throw refuse(`${operation} with ${name}: ${value}`);
  }
  const isCopy = request.headers['x-amz-copy-source'] !== undefined;
  if (given('x-amz-tagging') !== undefined && (operation !== 'PutObject' || isCopy)) {
    throw refuse(`${isCopy ? 'CopyObject' : operation} with x-amz-tagging`);
  }
  if (!isCopy) return operation;
  if (operation === 'PutObject') return 'CopyObject';
  throw refuse(`${operation} with x-amz-copy-source`);
}
