import * as z from 'zod';
import { languages } from '../language.ts';
import { place } from './place.ts';

/** The one partition of the sparse index byDue, on rows that are not done. */
export const dueShard = 'due';

/** A call that died holding a row leaves it after this, milliseconds: longer than the function lives. */
export const holdMs = 40_000;
/** Somebody looks after an answer that nobody has brought for this long, milliseconds. */
export const overdueMs = 60_000;
/** After this, an answer that can't be brought is left to the web app, milliseconds. */
export const giveUpMs = 24 * 60 * 60_000;

/**
 * The outbox of one message that came by a channel: where its answer goes, and how much of it is there already.
 * What is sent is noted before (`ref: null`) and after, so that whoever goes on after a crash repeats at most the
 * one part of which nobody knows.
 */
export const delivery = z.object({
  owner: z.string().min(1),
  /** The message's id. */
  id: z.uuid(),
  conversationId: z.uuid(),
  place,
  /** The channel's name of the message that is answered. */
  replyTo: z.string().nullish(),
  language: z.enum(languages),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** Grows with every write; a write names the one that it saw. */
  revision: z.number().int().nonnegative(),
  /** Somebody is at it until then, milliseconds since 1970; 0: nobody. */
  heldUntil: z.number().default(0),
  /** Not before then: the channel's pace, or what it asked for, milliseconds since 1970. */
  notBefore: z.number().default(0),
  /** The attempt that `status` … `parts` are about. */
  attempt: z.number().int().positive(),
  /** The message that says what the wake is at. */
  status: z.object({ ref: z.string(), text: z.string() }).nullish(),
  /** The message that holds the answer so far, where drafts don't work; `mark`: fingerprint of its text. `draftless`: they don't, here. */
  draft: z.object({ ref: z.string(), mark: z.string() }).nullish(),
  draftless: z.boolean().default(false),
  /** The message that asks whether a command may run. */
  question: z.object({ ref: z.string(), approvalId: z.string(), command: z.string() }).nullish(),
  /** Parts of the final answer that were begun, in order. `ref: null`: sent perhaps. */
  parts: z.array(z.object({ ref: z.string().nullable() })).default([]),
  /** The last attempt whose end was brought; a Retry has a higher one. */
  doneAttempt: z.number().int().nonnegative().default(0),
});
export type Delivery = z.infer<typeof delivery>;

/** When the sweeper looks after it, milliseconds since 1970; undefined: there is nothing left to bring. */
export const dueAt = (row: Delivery, now: number): number | undefined =>
  row.doneAttempt >= row.attempt ? undefined : Math.max(now, row.notBefore) + overdueMs;

/** What is not needed any more goes after this, milliseconds: a Retry may come late. */
export const keptMs = 30 * 24 * 60 * 60_000;

/** The row as it begins with another attempt: what the last one left stands as it is. */
export const anew = (row: Delivery, attempt: number): Delivery => ({
  ...row,
  attempt,
  draft: null,
  question: null,
  parts: [],
});
