import * as z from 'zod';
import { cents } from './settings.ts';
import type { DeploymentCaps } from './spending.ts';

/** The `owner` of the rows of Settings and Usage that are the whole deployment's. No account has such an id. */
export const wholeDeployment = 'deployment';

/** Who may change them while the deployment runs: Cognito's group of this name. */
export const adminsGroup = 'admins';

/** What admins may set: US cents, `null` follows the configuration, which stays the upper end of each. */
export const deploymentSettings = z.object({
  /** What one account may cost. */
  dayCapCents: cents.nullish(),
  monthCapCents: cents.nullish(),
  /** What all accounts together may cost. */
  totalDayCapCents: cents.nullish(),
  totalMonthCapCents: cents.nullish(),
  /** Nobody's agent spends from now on. */
  spendingStopped: z.boolean().nullish(),
});
export type DeploymentSettings = z.infer<typeof deploymentSettings>;

const micros = z.number().nonnegative();

/** One answer of the field `deploymentSettings`. `revision`: a save names the one that it saw; 0 before the first. */
export const deploymentSettingsView = z.object({
  settings: deploymentSettings,
  revision: z.number().int().nonnegative(),
  /** What the configuration allows at most. */
  most: z.object({
    dayMicros: micros,
    monthMicros: micros,
    totalDayMicros: micros,
    totalMonthMicros: micros,
    stopped: z.boolean(),
  }),
});
export type DeploymentSettingsView = z.infer<typeof deploymentSettingsView>;

const lower = (cap: number, own: number | null | undefined) =>
  own === null || own === undefined ? cap : Math.min(cap, own * 10_000);

/** What holds: admins lower what the configuration allows, and raise nothing. resolvers/read-caps.js does the same. */
export const deploymentCapsOf = (configured: DeploymentCaps, set: DeploymentSettings): DeploymentCaps => ({
  dayMicros: lower(configured.dayMicros, set.dayCapCents),
  monthMicros: lower(configured.monthMicros, set.monthCapCents),
  totalDayMicros: lower(configured.totalDayMicros, set.totalDayCapCents),
  totalMonthMicros: lower(configured.totalMonthMicros, set.totalMonthCapCents),
  stopped: configured.stopped || set.spendingStopped === true,
});
