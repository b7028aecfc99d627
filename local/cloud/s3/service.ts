import { AwsError, type AwsService, type CloudContext, type HttpReply, type Resource } from '../service.ts';
import { bucketOperations } from './buckets.ts';
import { corsHeaders, preflight } from './cors.ts';
import { ObjectStore } from './object-store.ts';
import { objectOperations } from './objects.ts';

/** Sub-resources of objects and buckets that are not served: named in a query, they must not pass for the object. */
const unserved = [
  'uploads',
  'uploadId',
  'acl',
  'tagging',
  'versioning',
  'versions',
  'policy',
  'cors',
  'lifecycle',
  'retention',
  'legal-hold',
  'torrent',
  'restore',
  'select',
  'attributes',
  'versionId',
];

/** S3 with path-style addresses, for SDK clients and presigned URLs. Buckets are those of the assembly. */
export function createS3(context: CloudContext): AwsService {
  const buckets = new Map(
    context.assembly.byType('AWS::S3::Bucket').map((bucket) => [bucket.physicalId, bucket]),
  );
  checkPolicies(context);
  const store = new ObjectStore(context.dataDirectory);
  const objects = objectOperations(context, store);
  const bucketsOf = bucketOperations(context, store);

  function place(rawPath: string): { bucket: Resource; name: string; key: string } | undefined {
    const [, name = '', ...rest] = rawPath.split('/');
    const bucket = buckets.get(name);
    return bucket && { bucket, name, key: decodeURIComponent(rest.join('/')) };
  }

  return {
    name: 's3',
    ownCors: true,
    accepts: (request) =>
      place(request.rawPath) !== undefined ||
      /\/s3\/aws4_request/.test(String(request.headers.authorization ?? '')),
    async handle(request): Promise<HttpReply> {
      const at = place(request.rawPath);
      if (!at) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
      if (request.method === 'OPTIONS') return preflight(at.bucket, request);
      const principal = await context.iam.authenticate(request, 's3');
      const other = unserved.find((name) => request.url.searchParams.has(name));
      if (other) throw new AwsError('NotImplemented', `The local cloud's S3 has no ?${other}.`, 501);
      const reply = at.key
        ? objects.handle({ request, principal, bucket: at.name, key: at.key })
        : bucketsOf.handle(request, principal, at.name);
      return { ...reply, headers: { ...reply.headers, ...corsHeaders(at.bucket, request) } };
    },
    close: async () => store.close(),
  };
}

/**
 * Bucket policies: a refusal of plain HTTP is the only Deny that is known here, and it is not applied, because
 * loopback stands in for TLS. An Allow for another principal is not applied either: that only refuses more.
 */
function checkPolicies(context: CloudContext): void {
  for (const policy of context.assembly.byType('AWS::S3::BucketPolicy')) {
    for (const statement of policy.properties.PolicyDocument.Statement) {
      const insecure = JSON.stringify(statement.Condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
      if (statement.Effect === 'Deny' && !insecure) {
        throw new Error(`the local cloud does not know this Deny of the bucket policy ${policy.logicalId}`);
      }
    }
  }
}
