import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { cleanName, cleanType, fileKey, isPicture, unsentTag } from '../core/attachment.ts';
import type { FileStore, FileUrls } from '../core/ports.ts';
import { expiresIn, presignPut } from './s3-presign.ts';
import { removeObjects } from './s3-remove.ts';

/** Owners' files in a bucket. */
export function s3Files(bucket: string, client = new S3Client({})): FileStore {
  const place = (owner: string, id: string) => ({ Bucket: bucket, Key: fileKey(owner, id) });
  return {
    find: async (owner, id) => {
      try {
        const { ContentLength, ContentType } = await client.send(new HeadObjectCommand(place(owner, id)));
        return { size: ContentLength ?? 0, type: cleanType(ContentType ?? '') };
      } catch (error) {
        // S3 says 403 instead of 404 to who may not list.
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 404 || status === 403) return null;
        throw error;
      }
    },
    keep: async (owner, id) => void (await client.send(new DeleteObjectTaggingCommand(place(owner, id)))),
    remove: (owner, ids) =>
      removeObjects(
        client,
        bucket,
        ids.map((id) => fileKey(owner, id)),
      ),
  };
}

/** URLs by which pages and tasks reach owners' files. */
export function s3FileUrls(
  bucket: string,
  client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
): FileUrls {
  return {
    upload: (owner, { id, size, type, sha256 }, { unsent }) =>
      presignPut(client, {
        ...{ bucket, key: fileKey(owner, id), size, type, sha256 },
        ...(unsent && { tagging: `${unsentTag.key}=${unsentTag.value}` }),
      }),
    download: async (owner, { id, name, type }) => {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: fileKey(owner, id),
        // Whatever the file is, no browser runs it: it is saved, and only pictures keep their type.
        ResponseContentDisposition: dispositionOf(name),
        ResponseContentType: isPicture(type) ? type : 'application/octet-stream',
      });
      return { url: await getSignedUrl(client, command, { expiresIn }), headers: {} };
    },
  };
}

/** RFC 6266: a plain name for old clients, the whole one in UTF-8. */
function dispositionOf(name: string): string {
  const clean = cleanName(name);
  const plain = clean.replace(/[^\x20-\x7e]|["%\\]/g, '_');
  const encoded = encodeURIComponent(clean).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
