import { AwsError, type CloudContext, type ConditionContext, type HttpReply } from '../service.ts';
import { authorizeObject, type Call } from './call.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { OperationName } from './operation.ts';
import { readPayload } from './payload.ts';
import { readXml, textOf, xml } from './xml.ts';

/** Tags of an object by their key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export type Tags = Readonly<Record<string, string>>;

const maxTags = 10;
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function checked(pairs: readonly (readonly [string, string])[]): Tags {
  if (pairs.length > maxTags) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  for (const [key, value] of pairs) {
    if (key === '' || key.length > 128 || !allowed.test(key) || key.startsWith('aws:')) {
      throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid');
    }
    if (value.length > 256 || !allowed.test(value)) {
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid');
    }
  }
  return tags;
}

/** The tags of a `x-amz-tagging` header, which is written like a query. Throws InvalidTag, BadRequest. */
export const tagsOf = (header: string | undefined): Tags =>
  header === undefined ? {} : checked([...new URLSearchParams(header)]);

/** What policies can ask about the tags that an object has. */
export const existingTags = (object: StoredObject | undefined): ConditionContext =>
  named('s3:ExistingObjectTag', object?.info.tags ?? {});

/** What policies can ask about the tags that a request gives. */
export const requestTags = (tags: Tags): ConditionContext => ({
  ...named('s3:RequestObjectTag', tags),
  ...(Object.keys(tags).length > 0 && { 's3:RequestObjectTagKeys': Object.keys(tags) }),
});

const named = (key: string, tags: Tags): ConditionContext =>
  Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`${key}/${tag}`, value]));

/** GetObjectTagging, PutObjectTagging and DeleteObjectTagging. */
export function tagOperations(
  context: CloudContext,
  store: ObjectStore,
): Partial<Record<OperationName, (call: Call) => HttpReply>> {
  function found({ bucket, key, principal }: Call): StoredObject {
    const object = store.find(bucket.name, key);
    if (object) return object;
    if (!context.iam.allows(principal, 's3:ListBucket', bucket.arn)) {
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    }
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  }
  const authorize = (call: Call, action: string, given: Tags = {}) =>
    authorizeObject(context, call, action, undefined, {
      ...existingTags(store.find(call.bucket.name, call.key)),
      ...requestTags(given),
    });

  return {
    GetObjectTagging(call) {
      authorize(call, 's3:GetObjectTagging');
      const Tag = Object.entries(found(call).info.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      const body = xml('Tagging', { TagSet: { Tag } });
      return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    },
    PutObjectTagging(call) {
      const request = readXml(readPayload(call.request.body, call.values).body.toString());
      const set = request.children.find(({ name }) => name === 'TagSet');
      if (request.name !== 'Tagging' || !set) {
        throw new AwsError('MalformedXML', 'A Tagging element holds a TagSet.');
      }
      const tags = checked(
        set.children.map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''] as const),
      );
      authorize(call, 's3:PutObjectTagging', tags);
      store.describe({ ...found(call), info: { ...found(call).info, tags } });
      return { status: 200 };
    },
    DeleteObjectTagging(call) {
      authorize(call, 's3:DeleteObjectTagging');
      const { tags: _, ...info } = found(call).info;
      store.describe({ ...found(call), info });
      return { status: 204 };
    },
  };
}
