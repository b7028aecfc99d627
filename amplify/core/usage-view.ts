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
  /** What the deployment allows each owner, and all together. */
  deployment: z.object({
    dayMicros: micros,
    monthMicros: micros,
    totalDayMicros: micros,
    totalMonthMicros: micros,
    stopped: z.boolean(),
  }),
  /** Which cap of all owners together is reached; how much others spend is nobody's business. */
  totalReached: z.enum(['day', 'month']).nullable(),
  /** Whether the caller may change what the deployment allows (deployment-settings.ts). */
  isAdmin: z.boolean(),
  region: z.string(),
});
