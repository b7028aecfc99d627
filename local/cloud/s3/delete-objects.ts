import { AwsError, type CloudContext, type HttpReply } from '../service.ts';
import { arnOf, type Call, conditionsOf } from './call.ts';
import { claimedChecksum } from './checksum.ts';
import type { ObjectStore } from './object-store.ts';
import { readPayload } from './payload.ts';
import { readXml, textOf, xml } from './xml.ts';

/** DeleteObjects: each key is allowed or refused by itself. */
export function deleteObjects(context: CloudContext, store: ObjectStore, call: Call): HttpReply {
  const { values, bucket, principal } = call;
  if (
    values['content-md5'] === undefined &&
    !claimedChecksum(values) &&
    values['x-amz-trailer'] === undefined
  ) {
    throw new AwsError(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  const request = readXml(readPayload(call.request.body, values).body.toString());
  const entries = request.children.filter(({ name }) => name === 'Object');
  if (request.name !== 'Delete' || entries.length === 0 || entries.length > 1000) {
    throw new AwsError('MalformedXML', 'A Delete element names 1 to 1000 objects.');
  }
  const conditions = conditionsOf(call, context.now());
  const results = entries.map((entry) => {
    const Key = textOf(entry, 'Key') ?? '';
    const failed = (Code: string, Message: string) => ({ Error: { Key, Code, Message } });
    if (textOf(entry, 'VersionId')) return failed('NotImplemented', "The local cloud's S3 has no versions.");
    if (!context.iam.allows(principal, 's3:DeleteObject', arnOf(bucket.name, Key), conditions)) {
      return failed('AccessDenied', 'Access Denied');
    }
    const etag = textOf(entry, 'ETag')?.replace(/^"|"$/g, '');
    if (etag !== undefined && etag !== '*' && store.find(bucket.name, Key)?.etag !== etag) {
      return failed('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    store.delete(bucket.name, Key);
    return { Deleted: { Key } };
  });
  const quiet = textOf(request, 'Quiet') === 'true';
  const body = xml('DeleteResult', {
    Deleted: quiet ? [] : results.flatMap((each) => ('Deleted' in each ? each.Deleted : [])),
    Error: results.flatMap((each) => ('Error' in each ? each.Error : [])),
  });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}
