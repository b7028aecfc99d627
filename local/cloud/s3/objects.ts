import { AwsError, type CloudContext, type HttpReply, type HttpRequest, type Principal } from '../service.ts';
import { verifyChecksums } from './checksum.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { xml } from './xml.ts';

interface Call {
  readonly request: HttpRequest;
  readonly principal: Principal;
  readonly bucket: string;
  readonly key: string;
}

/** Headers and query parameters by lower-case name: a presigned URL carries in its query what a header would say. */
function values(request: HttpRequest): Record<string, string> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const query = [...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries([...query, ...headers]);
}

/** PutObject, CopyObject, GetObject, HeadObject and DeleteObject. */
export function objectOperations(context: CloudContext, store: ObjectStore) {
  const arnOf = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;
  const allow = ({ principal, bucket, key }: Call, action: string) =>
    context.iam.authorize(principal, action, arnOf(bucket, key));

  function found(call: Call): StoredObject {
    const object = store.find(call.bucket, call.key);
    if (object) return object;
    // Who may not list is not told what exists.
    if (!context.iam.allows(call.principal, 's3:ListBucket', `arn:aws:s3:::${call.bucket}`)) {
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    }
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  }

  function headersOf(object: StoredObject): Record<string, string> {
    const { checksums, user } = JSON.parse(object.metadata) as Record<
      'checksums' | 'user',
      Record<string, string>
    >;
    const named = Object.entries(user).map(([name, value]) => [`x-amz-meta-${name}`, value]);
    return {
      etag: `"${object.etag}"`,
      'content-type': object.contentType,
      'last-modified': new Date(object.modifiedAt).toUTCString(),
      'accept-ranges': 'bytes',
      ...Object.fromEntries(named),
      ...checksums,
    };
  }

  function put(call: Call): HttpReply {
    allow(call, 's3:PutObject');
    const given = values(call.request);
    if (given['x-amz-content-sha256']?.startsWith('STREAMING-')) {
      throw new AwsError('NotImplemented', "The local cloud's S3 takes no aws-chunked bodies.", 501);
    }
    if (given['if-none-match'] === '*' && store.find(call.bucket, call.key)) {
      throw new AwsError(
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
        412,
      );
    }
    const checksums = verifyChecksums(call.request.body, given);
    const user = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value]] : [],
      ),
    );
    const stored = store.put(
      {
        bucket: call.bucket,
        key: call.key,
        contentType: given['content-type'] ?? 'application/octet-stream',
        metadata: JSON.stringify({ checksums, user }),
        modifiedAt: context.now().getTime(),
      },
      call.request.body,
    );
    return { status: 200, headers: { etag: `"${stored.etag}"`, ...checksums } };
  }

  function copy(call: Call, source: string): HttpReply {
    allow(call, 's3:PutObject');
    const [bucket = '', ...rest] = decodeURIComponent(source).replace(/^\//, '').split('/');
    const from = { ...call, bucket, key: rest.join('/') };
    allow(from, 's3:GetObject');
    const object = found(from);
    const { size: _size, etag: _etag, blob: _blob, ...kept } = object;
    const stored = store.put(
      { ...kept, bucket: call.bucket, key: call.key, modifiedAt: context.now().getTime() },
      store.read(object),
    );
    const body = xml('CopyObjectResult', {
      ETag: `"${stored.etag}"`,
      LastModified: new Date(stored.modifiedAt).toISOString(),
    });
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  function get(call: Call): HttpReply {
    allow(call, 's3:GetObject');
    const object = found(call);
    const headers = headersOf(object);
    if (call.request.headers['if-none-match'] === headers.etag) return { status: 304, headers };
    if (call.request.method === 'HEAD') {
      return { status: 200, headers: { ...headers, 'content-length': String(object.size) } };
    }
    const body = store.read(object);
    const range = /^bytes=(\d*)-(\d*)$/.exec(String(call.request.headers.range ?? ''));
    if (!range || (!range[1] && !range[2])) {
      return { status: 200, headers: { ...headers, 'content-length': String(object.size) }, body };
    }
    const first = range[1] ? Number(range[1]) : Math.max(0, object.size - Number(range[2]));
    const last = range[1] && range[2] ? Math.min(Number(range[2]), object.size - 1) : object.size - 1;
    if (first > last) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
    return {
      status: 206,
      headers: { ...headers, 'content-range': `bytes ${first}-${last}/${object.size}` },
      body: body.subarray(first, last + 1),
    };
  }

  return {
    handle(call: Call): HttpReply {
      const { method, headers } = call.request;
      const source = headers['x-amz-copy-source'];
      switch (method) {
        case 'PUT':
          return source ? copy(call, String(source)) : put(call);
        case 'GET':
        case 'HEAD':
          return get(call);
        case 'DELETE':
          allow(call, 's3:DeleteObject');
          store.delete(call.bucket, call.key);
          return { status: 204 };
        default:
          throw new AwsError('MethodNotAllowed', `The local cloud's S3 has no ${method} of an object.`, 405);
      }
    },
  };
}
