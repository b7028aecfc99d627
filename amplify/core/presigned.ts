import * as z from 'zod';

/** A file in the owner's part of the bucket, reachable for a few minutes without credentials. */
export const presigned = z.object({ url: z.url(), headers: z.record(z.string(), z.string()).default({}) });
export type Presigned = z.infer<typeof presigned>;
