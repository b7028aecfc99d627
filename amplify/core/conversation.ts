import { z } from 'zod';

export const maxTitleLength = 120;

export const conversation = z.object({
  id: z.uuid(),
  title: z.string().max(maxTitleLength),
  createdAt: z.iso.datetime(),
  /** Time of the last accepted message; orders the list. */
  activeAt: z.iso.datetime(),
});
export type Conversation = z.infer<typeof conversation>;
