import { randomUUID } from 'node:crypto';
import { errorReply } from '../error-reply.ts';
import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
} from '../service.ts';
import { readBuckets } from './bucket.ts';
import { authorizeBucket, type Call } from './call.ts';
import { corsHeaders, preflight } from './cors.ts';
import { deleteObjects } from './delete-objects.ts';
import { deployFiles } from './deployment.ts';
import { applyLifecycle } from './lifecycle.ts';
import { listObjects } from './listing.ts';
import { multipartOperations } from './multipart.ts';
import { ObjectStore } from './object-store.ts';
import { objectOperations } from './objects.ts';
import { type OperationName, operationOf } from './operation.ts';
import { tagOperations } from './tags.ts';
import { valuesOf } from './values.ts';
import { xml } from './xml.ts';

const dayMs = 86_400_000;

/** S3 with path-style addresses, for SDK clients and presigned URLs. The buckets are those of the assembly. */
export async function createS3(context: CloudContext): Promise<AwsService> {
  const buckets = new Map(readBuckets(context.assembly));
  const store = new ObjectStore(context.dataDirectory);
  try {
    await deployFiles(context, store);
  } catch (error) {
    store.close();
    throw error;
  }
  applyLifecycle(context, store, buckets.values());
  const daily = setInterval(() => applyLifecycle(context, store, buckets.values()), dayMs);
  daily.unref();

  const operations: Partial<Record<OperationName, (call: Call) => HttpReply | Promise<HttpReply>>> = {
    ...objectOperations(context, store),
    ...multipartOperations(context, store),
    ...tagOperations(context, store),
    ListObjectsV2: (call) => listObjects(context, store, call),
    DeleteObjects: (call) => deleteObjects(context, store, call),
    HeadBucket(call) {
      authorizeBucket(context, call, 's3:ListBucket');
      return { status: 200, headers: { 'x-amz-bucket-region': context.region } };
    },
    /** It is there again when the cloud is started anew, as when its template is deployed again. */
    DeleteBucket(call) {
      authorizeBucket(context, call, 's3:DeleteBucket');
      const [first] = store.list(call.bucket.name, '');
      if (first) {
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      }
      buckets.delete(call.bucket.name);
      return { status: 204 };
    },
    GetBucketLocation(call) {
      authorizeBucket(context, call, 's3:GetBucketLocation');
      const constraint = context.region === 'us-east-1' ? '' : context.region;
      const body = xml('LocationConstraint', {}).replace('></', `>${constraint}</`);
      return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    },
  };

  async function serve(request: HttpRequest): Promise<HttpReply> {
    const { name, key } = placeOf(request);
    const principal = await context.iam.authenticate(request, 's3');
    const operation = operationOf(request, key !== '');
    const bucket = buckets.get(name);
    if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    const handle = operations[operation];
    if (!handle) throw new AwsError('NotImplemented', `The local cloud's S3 has no ${operation}.`, 501);
    return handle({ request, principal, bucket, key, values: valuesOf(request) });
  }

  return {
    name: 's3',
    ownCors: true,
    accepts: (request) =>
      request.headers['x-amz-target'] === undefined &&
      (buckets.has(request.rawPath.split(/[/?]/, 2)[1] ?? '') || isSignedForS3(request)),
    async handle(request) {
      const rules = buckets.get(request.rawPath.split(/[/?]/, 2)[1] ?? '')?.cors ?? [];
      if (request.method === 'OPTIONS') return preflight(rules, request);
      const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
      const reply = await serve(request).catch((error: unknown) => {
        if (!(error instanceof AwsError)) throw error;
        // Here and not in the gateway, because a page must be let see the error.
        return errorReply(error, request, 's3');
      });
      const headers = { 'x-amz-request-id': requestId, ...reply.headers, ...corsHeaders(rules, request) };
      return { ...reply, headers };
    },
    async close() {
      clearInterval(daily);
      store.close();
    },
  };
}

function isSignedForS3({ headers, url }: HttpRequest): boolean {
  return /\/s3\/aws4_request/.test(`${headers.authorization} ${url.searchParams.get('X-Amz-Credential')}`);
}

/** Bucket and key of a path. Throws InvalidURI or KeyTooLongError. */
function placeOf({ rawPath }: HttpRequest): { name: string; key: string } {
  const [, name = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(rawPath.split('?')[0] ?? '') ?? [];
  let key: string;
  try {
    key = decodeURIComponent(rest);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
  return { name, key };
}
