import { createHash } from 'node:crypto';
import { type S3Bucket, textsOf } from './s3-client.ts';

const escaped = (text: string) => text.replace(/[<>&'"\r\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Deletes what lies under these keys, a thousand at most. Throws when S3 kept any of it. */
export async function removeObjects(bucket: S3Bucket, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const objects = keys.map((key) => `<Object><Key>${escaped(key)}</Key></Object>`).join('');
  const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects}<Quiet>true</Quiet></Delete>`;
  const { text } = await bucket.send({
    method: 'POST',
    query: { delete: '' },
    headers: {
      'content-type': 'application/xml',
      'content-md5': createHash('md5').update(body).digest('base64'),
    },
    body,
  });
  // Quiet: what is named was not deleted.
  const kept = textsOf(text, 'Code');
  if (kept.length > 0) throw new Error(`S3 kept ${kept.length} of ${keys.length} files: ${kept[0]}`);
}
