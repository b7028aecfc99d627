import * as z from 'zod';
import { channelName } from './place.ts';

/** A channel as people see it in the web app. */
export const channelView = z.object({
  channel: channelName,
  /** How it is called there, e.g. a bot's name; null: the deployment has not set it up. */
  address: z.string().nullable(),
  link: z
    .object({
      name: z.string(),
      linkedAt: z.iso.datetime(),
      /** False: the person has blocked it. */
      isActive: z.boolean(),
    })
    .nullable(),
});
export type ChannelView = z.infer<typeof channelView>;

/** A code to link with: shown once, good for ten minutes. */
export const channelCode = z.object({ url: z.url(), code: z.string(), expiresAt: z.iso.datetime() });
export type ChannelCode = z.infer<typeof channelCode>;
