import * as z from 'zod';

/**
 * What a call to deliver came to. `done`: nothing is left to bring. `shown`: it is there as far as it is; call again after
 * `againMs` at the latest. `waits`: not now. In either case not before `paceMs`, milliseconds.
 */
export const deliverResult = z.object({
  state: z.enum(['done', 'shown', 'waits']),
  paceMs: z.number().nonnegative(),
  againMs: z.number().nonnegative(),
});
export type DeliverResult = z.infer<typeof deliverResult>;
