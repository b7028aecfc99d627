import type { OwnedStore } from '../core/erasure.ts';
import { ownedPrefix } from '../core/owned.ts';
import type { AwsOptions } from './aws/client.ts';
import { s3Bucket, textsOf } from './s3-client.ts';
import { removeObjects } from './s3-remove.ts';

/** All that lies in a bucket for an owner. The bucket keeps no versions (storage/closing.ts). */
export function s3Owned(bucket: string, options?: AwsOptions): Pick<OwnedStore, 'removeFiles'> {
  const place = s3Bucket(bucket, options);
  return {
    removeFiles: async (owner) => {
      const query = { 'list-type': '2', prefix: ownedPrefix(owner) };
      const keys = textsOf((await place.send({ method: 'GET', query })).text, 'Key');
      await removeObjects(place, keys);
      return keys.length > 0;
    },
  };
}
