import { AwsError, type CloudContext, type HttpReply } from '../service.ts';
import { authorizeBucket, type Call } from './call.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { xml } from './xml.ts';

/** Where a page ended: after a key, or after all keys of a folder. */
interface Position {
  readonly after: string;
  readonly folder?: true;
}

/** ListObjectsV2. */
export function listObjects(context: CloudContext, store: ObjectStore, call: Call): HttpReply {
  const query = call.request.url.searchParams;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = query.get('max-keys') ?? undefined;
  authorizeBucket(context, call, 's3:ListBucket', {
    's3:prefix': query.get('prefix') ?? undefined,
    's3:delimiter': query.get('delimiter') ?? undefined,
    's3:max-keys': maxKeys,
  });
  const limit = limitOf(maxKeys);
  const token = query.get('continuation-token') ?? undefined;
  const start: Position = token ? positionOf(token) : { after: query.get('start-after') ?? '' };
  const page = pageOf(store, call.bucket.name, { prefix, delimiter, limit, start });
  const encoded = encoding(query.get('encoding-type') ?? undefined);
  const body = xml('ListBucketResult', {
    Name: call.bucket.name,
    Prefix: encoded(prefix),
    ...(delimiter ? { Delimiter: encoded(delimiter) } : {}),
    ...(query.get('encoding-type') ? { EncodingType: 'url' } : {}),
    ...(query.get('start-after') ? { StartAfter: encoded(query.get('start-after') ?? '') } : {}),
    ...(token ? { ContinuationToken: token } : {}),
    KeyCount: page.objects.length + page.folders.length,
    MaxKeys: limit,
    IsTruncated: page.next !== undefined,
    ...(page.next
      ? { NextContinuationToken: Buffer.from(JSON.stringify(page.next)).toString('base64url') }
      : {}),
    Contents: page.objects.map(({ key, size, etag, modifiedAt }) => ({
      Key: encoded(key),
      LastModified: new Date(modifiedAt).toISOString(),
      ETag: `"${etag}"`,
      Size: size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.folders.map((folder) => ({ Prefix: encoded(folder) })),
  });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return 1000;
  if (!/^\d{1,9}$/.test(text)) {
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  return Math.min(Number(text), 1000);
}

function positionOf(token: string): Position {
  try {
    const position = JSON.parse(Buffer.from(token, 'base64url').toString()) as Position;
    if (typeof position.after === 'string') return position;
  } catch {}
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}

function encoding(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== 'url') throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}

interface Page {
  readonly objects: readonly StoredObject[];
  readonly folders: readonly string[];
  readonly next: Position | undefined;
}

function pageOf(
  store: ObjectStore,
  bucket: string,
  { prefix, delimiter, limit, start }: { prefix: string; delimiter: string; limit: number; start: Position },
): Page {
  const objects: StoredObject[] = [];
  const folders: string[] = [];
  let position = start;
  if (limit === 0) return { objects, folders, next: undefined };
  for (const object of store.list(bucket, prefix, start.after)) {
    if (position.folder && object.key.startsWith(position.after)) continue;
    if (objects.length + folders.length === limit) return { objects, folders, next: position };
    const cut = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    if (cut < 0) {
      objects.push(object);
      position = { after: object.key };
    } else {
      const folder = object.key.slice(0, cut + delimiter.length);
      folders.push(folder);
      position = { after: folder, folder: true };
    }
  }
  return { objects, folders, next: undefined };
}
