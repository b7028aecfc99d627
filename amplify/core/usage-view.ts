import * as z from 'zod';

const micros = z.number().nonnegative();

/** One answer of the field `usage`. */
export const usagePart = z.object({
  /** usage.ts monthUsageOf reads them. */
  rows: z.array(z.record(z.string(), z.unknown())),
  nextToken: z.string().nullish(),
  /** What holds for the owner. */
  caps: z.object({
    dayMicros: micros,
    monthMicros: micros,
    stoppedBy: z.enum(['deployment', 'owner']).nullable(),
  }),
  /** What the deployment allows each owner. */
  deployment: z.object({ dayMicros: micros, monthMicros: micros, stopped: z.boolean() }),
  region: z.string(),
});
