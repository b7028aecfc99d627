import { cleanName, cleanType, fileKey, isPicture, unsentTag } from '../core/attachment.ts';
import type { FileStore, FileUrls } from '../core/ports.ts';
import type { AwsOptions } from './aws/client.ts';
import { AwsFault } from './aws/fault.ts';
import { s3Bucket } from './s3-client.ts';
import { presignPut } from './s3-presign.ts';
import { removeObjects } from './s3-remove.ts';

/** Owners' files in a bucket. */
export function s3Files(bucket: string, options?: AwsOptions): FileStore {
  const place = s3Bucket(bucket, options);
  return {
    find: async (owner, id) => {
      try {
        const { headers } = await place.send({ method: 'HEAD', key: fileKey(owner, id) });
        const size = Number(headers.get('content-length') ?? 0);
        return { size, type: cleanType(headers.get('content-type') ?? '') };
      } catch (error) {
        // S3 says 403 instead of 404 to who may not list.
        if (error instanceof AwsFault && (error.status === 404 || error.status === 403)) return null;
        throw error;
      }
    },
    keep: async (owner, id) =>
      void (await place.send({ method: 'DELETE', key: fileKey(owner, id), query: { tagging: '' } })),
    remove: (owner, ids) =>
      removeObjects(
        place,
        ids.map((id) => fileKey(owner, id)),
      ),
  };
}

/** URLs by which pages and tasks reach owners' files. */
export function s3FileUrls(bucket: string, options?: AwsOptions): FileUrls {
  const place = s3Bucket(bucket, options);
  return {
    upload: (owner, { id, size, type, sha256 }, { unsent }) =>
      presignPut(place, {
        ...{ key: fileKey(owner, id), size, type, sha256 },
        ...(unsent && { tagging: `${unsentTag.key}=${unsentTag.value}` }),
      }),
    download: async (owner, { id, name, type }) => {
      const query = {
        // Whatever the file is, no browser runs it: it is saved, and only pictures keep their type.
        'response-content-disposition': dispositionOf(name),
        'response-content-type': isPicture(type) ? type : 'application/octet-stream',
      };
      return { url: await place.presign({ method: 'GET', key: fileKey(owner, id), query }), headers: {} };
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
