import * as z from 'zod';
import { attachment } from './attachment.ts';

/** A message that has files, as the page of files lists it. */
export const fileEntry = z.object({
  conversationId: z.uuid(),
  messageId: z.uuid(),
  /** Of the conversation; '' where it has none. */
  title: z.string(),
  /** Since when it has files. */
  at: z.iso.datetime(),
  /** What the user sent. */
  attachments: z.array(attachment),
  /** What the agent made. */
  files: z.array(attachment),
});
export type FileEntry = z.infer<typeof fileEntry>;
