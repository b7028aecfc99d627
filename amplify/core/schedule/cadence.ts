import * as z from 'zod';

/**
 * When something comes round. `once`: at a time. `every`: so many minutes, counted from a time. `cron`: five fields in
 * an IANA time zone; a time that a clock leaves out (spring) comes as soon as there is one, a repeated one (autumn) once.
 */
export const cadence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), at: z.iso.datetime() }),
  z.object({
    kind: z.literal('every'),
    minutes: z
      .number()
      .int()
      .positive()
      .max(366 * 24 * 60),
    from: z.iso.datetime(),
  }),
  z.object({ kind: z.literal('cron'), expression: z.string().max(100), zone: z.string().min(1).max(60) }),
]);
export type Cadence = z.infer<typeof cadence>;
