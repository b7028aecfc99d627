import * as z from 'zod';
import { attachment } from './attachment.ts';
import { ownModel } from './conversation.ts';
import { approval, message, toolCard, usage } from './message.ts';
import { transcript } from './transcript.ts';

/** Names a message within its owner's partition. */
export interface MessageKey {
  conversationId: string;
  id: string;
}

/** A file that a channel keeps. `id`: the attachment's. */
export const fileSource = z.object({ id: z.uuid(), ref: z.string().min(1), caption: z.string().default('') });
export type FileSource = z.infer<typeof fileSource>;

/**
 * A message as its row holds it. What is only shown never makes a row unreadable: it came from a task,
 * perhaps of another version, and the message must be answered or failed all the same.
 */
export const storedMessage = message.extend({
  owner: z.string().min(1),
  /** A tool has run in this attempt: it is not silently run again. */
  toolsRan: z.boolean().nullish(),
  /** How often a task has taken this attempt into work. */
  claims: z.number().int().nonnegative().nullish(),
  schedule: message.shape.schedule.catch(null),
  tools: z.array(toolCard).default([]).catch([]),
  files: z.array(attachment).default([]).catch([]),
  /** Ids of all files that tasks were given a place for, in any attempt: what a deletion of the message deletes. */
  uploads: z.array(z.uuid()).nullish(),
  /** The conversation's own model when this attempt was queued. */
  ownModel: ownModel.nullish().catch(null),
  /** Where what a channel keeps can be had: the channel's own name of each file, and what was written under it. */
  sources: z.array(fileSource).nullish(),
  /** More of an album may join until then: no task takes it before. */
  joinsUntil: z.iso.datetime().nullish(),
  /** Grows with every change of `attachments`; a change names the one that it saw. */
  filesRevision: z.number().int().nonnegative().nullish(),
  /** Since when files go with it or its answer: the sparse index of the files page. */
  filedAt: z.iso.datetime().nullish(),
  transcript: transcript.nullish().catch(null),
  approval: approval.nullish().catch(null),
  error: message.shape.error.catch({ code: 'internal' }),
  usage: usage.nullish().catch(null),
});
export type StoredMessage = z.infer<typeof storedMessage>;

/** Claims of one attempt before it ends unanswered: a turn that was cut off is run again by itself once. */
export const maxClaims = 2;

/** May a turn that was cut off be run again by itself? Not after a tool has run, and not for ever. */
export const mayRunAgain = (state: Pick<StoredMessage, 'toolsRan' | 'claims'>): boolean =>
  !state.toolsRan && (state.claims ?? 0) < maxClaims;

/** The one partition of the sparse index byPending, on rows that are not final. */
export const pendingShard = 'pending';

/** How a message is named in `Agent.pending` and in its table's sort key. */
export const pendingKey = (key: MessageKey): string => `${key.conversationId}#${key.id}`;

/** The reverse of pendingKey; null for anything else. */
export function parsePendingKey(text: string): MessageKey | null {
  const [conversationId, id, ...rest] = text.split('#');
  return conversationId && id && rest.length === 0 ? { conversationId, id } : null;
}

/** The message as people's pages get it. */
export const toMessage = (row: StoredMessage) => message.parse(row);
