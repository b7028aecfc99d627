import { AwsError } from '../service.ts';
import { checksumHeaders } from './checksum.ts';
import type { ObjectInfo, StoredObject } from './object-store.ts';
import type { Values } from './values.ts';

const kept = ['cache-control', 'content-disposition', 'content-language', 'expires'];
const metaPrefix = 'x-amz-meta-';
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const maxUserBytes = 2048;

/** What a request says of the object that it writes. Throws MetadataTooLarge. */
export function infoOf(values: Values): ObjectInfo {
  const headers: Record<string, string> = { 'content-type': values['content-type'] || 'binary/octet-stream' };
  for (const name of kept) if (values[name] !== undefined) headers[name] = values[name];
  const encoding = (values['content-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each && each !== 'aws-chunked');
  if (encoding.length) headers['content-encoding'] = encoding.join(',');
  const user: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith(metaPrefix)) user[name.slice(metaPrefix.length)] = value;
  }
  const bytes = Object.entries(user).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (bytes > maxUserBytes) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  return { headers, user };
}

/** The headers that show an object; with its checksum where the reader asked for it. */
export function headersOf(object: StoredObject, withChecksum: boolean): Record<string, string> {
  const user = Object.entries(object.info.user).map(([name, value]) => [`${metaPrefix}${name}`, value]);
  return {
    'accept-ranges': 'bytes',
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    ...object.info.headers,
    ...Object.fromEntries(user),
    ...(withChecksum ? checksumHeaders(object.info.checksum) : {}),
  };
}
