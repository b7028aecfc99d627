import * as z from 'zod';

/** A message that holds what was searched for. */
export const searchHit = z.object({
  conversationId: z.uuid(),
  messageId: z.uuid(),
  acceptedAt: z.iso.datetime(),
  /** The place where it stands, with some words around it. */
  snippet: z.string(),
});
export type SearchHit = z.infer<typeof searchHit>;
