import { AwsError, type CloudContext, type HttpReply } from '../service.ts';
import { arnOf, authorizeObject, type Call } from './call.ts';
import { checksumHeaders } from './checksum.ts';
import { headersOf, infoOf } from './object-info.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { OperationName } from './operation.ts';
import { readPayload } from './payload.ts';
import { checkCopySource, checkRead, checkWrite } from './precondition.ts';
import { rangeOf } from './range.ts';
import { existingTags, requestTags, tagsOf } from './tags.ts';
import { xml } from './xml.ts';

/** Query parameters of a read that set a header of its reply. */
const overrides = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** PutObject, CopyObject, GetObject, HeadObject and DeleteObject. */
export function objectOperations(
  context: CloudContext,
  store: ObjectStore,
): Partial<Record<OperationName, (call: Call) => Promise<HttpReply>>> {
  /** Throws NoSuchKey; AccessDenied for who may not list, because they are not told what exists. */
  function found(call: Call, bucket: string, key: string): StoredObject {
    const object = store.find(bucket, key);
    if (object) return object;
    if (!context.iam.allows(call.principal, 's3:ListBucket', `arn:aws:s3:::${bucket}`)) {
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    }
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  }

  async function put(call: Call): Promise<HttpReply> {
    const { bucket, key, values } = call;
    const tags = tagsOf(values['x-amz-tagging']);
    authorizeObject(context, call, 's3:PutObject', undefined, requestTags(tags));
    const isTagged = Object.keys(tags).length > 0;
    if (isTagged) authorizeObject(context, call, 's3:PutObjectTagging', undefined, requestTags(tags));
    const info = { ...infoOf(values), ...(isTagged && { tags }) };
    const { body, checksum } = readPayload(call.request.body, values);
    checkWrite(store.find(bucket.name, key), values);
    const blob = await store.blobs.write([body]);
    try {
      // Someone may have been faster while the bytes were written.
      checkWrite(store.find(bucket.name, key), values);
    } catch (error) {
      store.blobs.remove(blob.name);
      throw error;
    }
    const modifiedAt = context.now().getTime();
    const whole = { ...info, ...(checksum ? { checksum } : {}) };
    store.put({ bucket: bucket.name, key, etag: blob.md5, info: whole, modifiedAt }, blob);
    return { status: 200, headers: { etag: `"${blob.md5}"`, ...checksumHeaders(checksum) } };
  }

  async function copy(call: Call): Promise<HttpReply> {
    const { bucket, key, values } = call;
    const from = sourceOf(values['x-amz-copy-source'] ?? '');
    const source = store.find(from.bucket, from.key);
    authorizeObject(context, call, 's3:GetObject', arnOf(from.bucket, from.key), existingTags(source));
    authorizeObject(context, call, 's3:PutObject');
    const replaces = values['x-amz-metadata-directive'] === 'REPLACE';
    if (from.bucket === bucket.name && from.key === key && !replaces) {
      throw new AwsError(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
      );
    }
    const { object, body } = await read(call, from.bucket, from.key, (each) => checkCopySource(each, values));
    const blob = await store.blobs.write([body]);
    const { checksum, tags } = object.info;
    if (tags) authorizeObject(context, call, 's3:GetObjectTagging', arnOf(from.bucket, from.key));
    if (tags) authorizeObject(context, call, 's3:PutObjectTagging');
    const info = replaces
      ? { ...infoOf(values), ...(checksum ? { checksum } : {}), ...(tags && { tags }) }
      : object.info;
    const modifiedAt = context.now().getTime();
    store.put({ bucket: bucket.name, key, etag: blob.md5, info, modifiedAt }, blob);
    const result = { ETag: `"${blob.md5}"`, LastModified: new Date(modifiedAt).toISOString() };
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: xml('CopyObjectResult', result),
    };
  }

  /** An object with bytes of it, which belong together even when it is replaced meanwhile. */
  async function read(
    call: Call,
    bucket: string,
    key: string,
    check: (object: StoredObject) => void,
    range: (size: number) => readonly [number, number] = (size) => [0, size - 1],
  ): Promise<{ object: StoredObject; body: Buffer }> {
    for (;;) {
      const object = found(call, bucket, key);
      check(object);
      const body = await store.blobs.read(object.blob, ...range(object.size));
      if (body) return { object, body };
    }
  }

  async function get(call: Call): Promise<HttpReply> {
    const { bucket, key, values, request } = call;
    const known = existingTags(store.find(bucket.name, key));
    authorizeObject(context, call, 's3:GetObject', undefined, known);
    const object = found(call, bucket.name, key);
    const range = rangeOf(values, object);
    const headers = {
      ...headersOf(object, values['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && range === undefined),
      ...Object.fromEntries(
        overrides.flatMap((name) => {
          const value = request.url.searchParams.get(`response-${name}`);
          return value === null ? [] : [[name, value]];
        }),
      ),
    };
    if (checkRead(object, values) === 'not-modified') {
      const { 'content-type': _, ...unchanged } = headers;
      return { status: 304, headers: unchanged };
    }
    const [first, last] = range ?? [0, object.size - 1];
    const sent = {
      ...headers,
      'content-length': String(last - first + 1),
      ...(range ? { 'content-range': `bytes ${first}-${last}/${object.size}` } : {}),
    };
    const status = range ? 206 : 200;
    if (request.method === 'HEAD') return { status, headers: sent };
    const body = await store.blobs.read(object.blob, first, last);
    // It was replaced between the row and the file: what is there now is the answer.
    return body ? { status, headers: sent, body } : get(call);
  }

  async function remove(call: Call): Promise<HttpReply> {
    authorizeObject(context, call, 's3:DeleteObject');
    const { bucket, key, values } = call;
    if (values['if-match'] !== undefined) checkWrite(store.find(bucket.name, key), values);
    store.delete(bucket.name, key);
    return { status: 204 };
  }

  return { PutObject: put, CopyObject: copy, GetObject: get, HeadObject: get, DeleteObject: remove };
}

function sourceOf(header: string): { bucket: string; key: string } {
  const [path = '', query] = header.replace(/^\//, '').split('?', 2);
  if (query?.startsWith('versionId')) {
    throw new AwsError('NotImplemented', "The local cloud's S3 has no CopyObject of a version.", 501);
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(path.replaceAll('+', '%20'));
  } catch {
    throw new AwsError(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const [bucket = '', ...rest] = decoded.split('/');
  return { bucket, key: rest.join('/') };
}
