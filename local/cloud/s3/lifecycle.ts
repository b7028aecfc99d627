import type { CloudContext } from '../service.ts';
import type { Bucket } from './bucket.ts';
import { aborts, expires } from './lifecycle-rule.ts';
import type { ObjectStore } from './object-store.ts';

/** Removes what the buckets' lifecycle rules say is over. */
export function applyLifecycle(context: CloudContext, store: ObjectStore, buckets: Iterable<Bucket>): void {
  const now = context.now().getTime();
  for (const bucket of buckets) {
    if (!bucket.lifecycle.length) continue;
    const over = [...store.list(bucket.name, '')].filter((object) =>
      bucket.lifecycle.some((rule) => expires(rule, object, now)),
    );
    const unfinished = store
      .uploads(bucket.name)
      .filter((upload) => bucket.lifecycle.some((rule) => aborts(rule, upload, now)));
    for (const { key } of over) store.delete(bucket.name, key);
    for (const upload of unfinished) store.removeUpload(upload);
    if (over.length || unfinished.length) {
      context.log({
        service: 's3',
        event: 'lifecycle',
        bucket: bucket.name,
        objects: over.length,
        uploads: unfinished.length,
      });
    }
  }
}
