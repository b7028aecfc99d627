import * as z from 'zod';
import { capacityPolicies, settings } from './settings.ts';

const size = z.object({ cpu: z.number().positive(), memory: z.number().positive() });

/** What counts where an owner has set nothing, and how far their choice goes. */
export const deploymentDefaults = z.object({
  idleSeconds: z.number().positive(),
  capacity: z.enum(capacityPolicies),
  sizes: z.object({ usual: size, largest: size }),
  region: z.string(),
});
export type DeploymentDefaults = z.infer<typeof deploymentDefaults>;

/** One answer of the field `settings`. `revision`: a save names the one that it saw; 0 before the first. */
export const settingsView = z.object({
  settings,
  revision: z.number().int().nonnegative(),
  deployment: deploymentDefaults,
});
export type SettingsView = z.infer<typeof settingsView>;
