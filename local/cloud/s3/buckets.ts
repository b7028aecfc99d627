import { AwsError, type CloudContext, type HttpReply, type HttpRequest, type Principal } from '../service.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { xml } from './xml.ts';

const reply = (body: string): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body,
});

/** ListObjectsV2, DeleteObjects, HeadBucket and GetBucketLocation. */
export function bucketOperations(context: CloudContext, store: ObjectStore) {
  function list(request: HttpRequest, principal: Principal, bucket: string): HttpReply {
    const query = request.url.searchParams;
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const limit = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
    context.iam.authorize(principal, 's3:ListBucket', `arn:aws:s3:::${bucket}`, {
      's3:prefix': prefix,
      ...(delimiter ? { 's3:delimiter': delimiter } : {}),
    });
    const token = query.get('continuation-token');
    let after = token ? Buffer.from(token, 'base64url').toString() : (query.get('start-after') ?? '');
    const contents: StoredObject[] = [];
    const folders = new Set<string>();
    let more = true;
    while (more && contents.length + folders.size < limit) {
      const [object] = store.list(bucket, prefix, after, 1);
      more = object !== undefined;
      if (!object) break;
      const cut = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
      if (cut < 0) {
        contents.push(object);
        after = object.key;
      } else {
        const folder = object.key.slice(0, cut + delimiter.length);
        folders.add(folder);
        after = `${folder}\u{10ffff}`;
      }
    }
    const truncated = more && store.list(bucket, prefix, after, 1).length > 0;
    return reply(
      xml('ListBucketResult', {
        Name: bucket,
        Prefix: prefix,
        KeyCount: contents.length + folders.size,
        MaxKeys: limit,
        IsTruncated: truncated,
        ...(truncated ? { NextContinuationToken: Buffer.from(after).toString('base64url') } : {}),
        Contents: contents.map(({ key, size, etag, modifiedAt }) => ({
          Key: key,
          LastModified: new Date(modifiedAt).toISOString(),
          ETag: `"${etag}"`,
          Size: size,
          StorageClass: 'STANDARD',
        })),
        CommonPrefixes: [...folders].map((folder) => ({ Prefix: folder })),
      }),
    );
  }

  function deleteMany(request: HttpRequest, principal: Principal, bucket: string): HttpReply {
    const named = request.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g);
    const unescaped = (text: string) =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    const results = [...named].map(([, key = '']) => {
      const name = unescaped(key);
      if (!context.iam.allows(principal, 's3:DeleteObject', `arn:aws:s3:::${bucket}/${name}`)) {
        return { Error: { Key: name, Code: 'AccessDenied', Message: 'Access Denied' } };
      }
      store.delete(bucket, name);
      return { Deleted: { Key: name } };
    });
    return reply(
      xml('DeleteResult', {
        Deleted: results.flatMap((each) => each.Deleted ?? []),
        Error: results.flatMap((each) => each.Error ?? []),
      }),
    );
  }

  return {
    handle(request: HttpRequest, principal: Principal, bucket: string): HttpReply {
      const query = request.url.searchParams;
      if (request.method === 'GET' && query.get('list-type') === '2') return list(request, principal, bucket);
      if (request.method === 'POST' && query.has('delete')) return deleteMany(request, principal, bucket);
      if (request.method === 'HEAD') {
        context.iam.authorize(principal, 's3:ListBucket', `arn:aws:s3:::${bucket}`);
        return { status: 200, headers: { 'x-amz-bucket-region': context.region } };
      }
      if (request.method === 'GET' && query.has('location')) {
        context.iam.authorize(principal, 's3:GetBucketLocation', `arn:aws:s3:::${bucket}`);
        return reply(xml('LocationConstraint', {}));
      }
      throw new AwsError(
        'NotImplemented',
        `The local cloud's S3 has no ${request.method} ${request.url.search}.`,
        501,
      );
    },
  };
}
