import type { CloudContext, ConditionContext, HttpRequest, Principal } from '../service.ts';
import type { Bucket } from './bucket.ts';
import type { Values } from './values.ts';

/** One authenticated request. */
export interface Call {
  readonly request: HttpRequest;
  readonly principal: Principal;
  readonly bucket: Bucket;
  /** Decoded; empty for a request about the bucket. */
  readonly key: string;
  readonly values: Values;
}

export const arnOf = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

/**
 * Condition keys of every request: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html.
 * `aws:SecureTransport` is true: the gateway listens on loopback in the place of an endpoint that has TLS only.
 */
export function conditionsOf({ request, values }: Call, now: Date): ConditionContext {
  const presigned = request.url.searchParams.has('X-Amz-Signature');
  const signedAt = values['x-amz-date']?.replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  return {
    'aws:SecureTransport': 'true',
    's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:TlsVersion': '1.3',
    's3:if-match': values['if-match'],
    's3:if-none-match': values['if-none-match'],
    's3:x-amz-acl': values['x-amz-acl'],
    's3:x-amz-content-sha256': values['x-amz-content-sha256'] ?? (presigned ? 'UNSIGNED-PAYLOAD' : undefined),
    's3:x-amz-copy-source': values['x-amz-copy-source'],
    's3:x-amz-metadata-directive': values['x-amz-metadata-directive'],
    's3:x-amz-server-side-encryption': values['x-amz-server-side-encryption'],
    's3:x-amz-storage-class': values['x-amz-storage-class'],
    ...(presigned && signedAt ? { 's3:signatureAge': String(now.getTime() - Date.parse(signedAt)) } : {}),
  };
}

/** Throws AccessDenied unless the policies allow the action on an object (by default the call's own). */
export function authorizeObject(
  context: CloudContext,
  call: Call,
  action: string,
  resource?: string,
  conditions: ConditionContext = {},
): void {
  const arn = resource ?? arnOf(call.bucket.name, call.key);
  context.iam.authorize(call.principal, action, arn, { ...conditions, ...conditionsOf(call, context.now()) });
}

/** The same for a bucket, with condition keys of its own. */
export function authorizeBucket(
  context: CloudContext,
  call: Call,
  action: string,
  conditions: ConditionContext = {},
): void {
  const all = { ...conditionsOf(call, context.now()), ...conditions };
  context.iam.authorize(call.principal, action, call.bucket.arn, all);
}
