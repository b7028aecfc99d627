import * as z from 'zod';
import { ownModel } from './conversation.ts';
import { message } from './message.ts';
import { presigned } from './presigned.ts';
import { modelApis, modelReaches, provider, thinkingLevels } from './settings.ts';
import { compressions } from './state-file.ts';

export const snapshotPointer = z.object({
  key: z.string(),
  size: z.number().int().positive(),
  /** Hex. */
  sha256: z.string().length(64),
  epoch: z.number().int().positive(),
  seq: z.number().int().positive(),
  savedAt: z.iso.datetime(),
  /** Its owner brought it as a file that is compressed so: what made it is not known. */
  importedAs: z.enum(compressions).optional(),
});
export type SnapshotPointer = z.infer<typeof snapshotPointer>;

/** A snapshot that a task may fetch. */
const restorable = z.object({ pointer: snapshotPointer, download: presigned });
export type Restorable = z.infer<typeof restorable>;
const rate = z.number().nonnegative();
const tokenRates = z.object({
  input: rate,
  output: rate,
  cacheRead: rate,
  cacheWrite: rate,
  cacheWriteLong: rate,
});
/** model-price.ts, as far as a task needs it. */
const modelPrice = tokenRates.extend({ long: tokenRates.extend({ above: z.number() }).optional() });

/** What `agentOpenSession` gives a task: everything it needs to serve its one owner. Holds the provider key: never logged. */
export const taskGrant = z.object({
  epoch: z.number().int().positive(),
  idleSeconds: z.number().int().positive(),
  /** Quiet time before the first message, where it is another: of a task that was woken ahead of one, or that follows a quiet one. */
  firstIdleSeconds: z.number().int().positive().nullish(),
  /** null when neither the owner nor the deployment has a model: every message then fails with model.not_configured. */
  model: z
    .object({
      /** Whose models conversations may choose from; null for the deployment's own model, beside which there is none. */
      provider: provider.nullish(),
      api: z.enum(modelApis),
      /** The header that carries the key. */
      keyHeader: z.enum(['authorization', 'x-api-key']),
      baseUrl: z.url(),
      model: z.string(),
      apiKey: z.string().nullish(),
      contextWindow: z.number().int().positive().nullish(),
      /** Absent is `off`. */
      thinking: z.enum(thinkingLevels).nullish(),
      /** Absent is `public`. */
      reach: z.enum(modelReaches).optional(),
      /** null when none is known: every message then fails with model.no_price. */
      price: modelPrice.nullable(),
      /** What writes voice messages down; null where the provider has nothing for that. */
      transcriber: z
        .object({
          model: z.string(),
          dialect: z.enum(['openai', 'openrouter']),
          price: modelPrice,
          most: z.object({ input: z.number(), output: z.number() }),
        })
        .nullish(),
    })
    .nullable(),
  /** What to begin with, the first that can be read; empty for an owner of whom nothing was saved. */
  snapshots: z.array(restorable),
});
export type TaskGrant = z.infer<typeof taskGrant>;

/** What `agentOpenSession` gives a successor while the task before it still holds the lease: ask again after this, milliseconds. */
export const notYet = z.object({ waits: z.number().int().positive() });
export type NotYet = z.infer<typeof notYet>;

/** What `agentPull` gives: the heartbeat's answer. */
export const pullResult = z.object({
  epoch: z.number().int().positive(),
  /** Release must name this number; a higher one means that somebody rang since. */
  wakeSeq: z.number().int().nonnegative(),
  /** Milliseconds since 1970. */
  leaseExpiresAt: z.number().int(),
  sleepRequested: z.boolean().default(false),
  keepAwakeUntil: z.iso.datetime().nullish(),
  /** All that is not final, oldest first: queued ones and those in flight (with stopRequested and decisions). */
  messages: z.array(
    message.extend({
      epoch: z.number().int().nullish(),
      toolsRan: z.boolean().nullish(),
      /** How often a task has taken this attempt into work. */
      claims: z.number().int().nullish(),
      /** The conversation's own model, if it has one. */
      ownModel: ownModel.nullish(),
      /** More of it may come for so long: it is not to be taken before, milliseconds. */
      joinsInMs: z.number().nonnegative().nullish(),
    }),
  ),
});
export type PullResult = z.infer<typeof pullResult>;

/** What `agentDownloadFiles` gives: where each file of a message can be read. */
export const taskFileDownload = z.object({ id: z.uuid(), download: presigned });
export type TaskFileDownload = z.infer<typeof taskFileDownload>;

/** What `agentUploadSnapshot` gives: where to put the file; the signature binds length and checksum. */
export const snapshotUpload = z.object({ key: z.string(), upload: presigned });
export type SnapshotUpload = z.infer<typeof snapshotUpload>;

/** A turn that is final, as `agentRecall` gives it: what the agent has to know to go on as if it remembered. */
export const pastTurn = z.object({
  conversationId: z.string(),
  id: z.string(),
  attempt: z.number().int().positive(),
  text: z.string(),
  answer: z.string(),
  acceptedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});
export type PastTurn = z.infer<typeof pastTurn>;

/** A page of the ids of conversations that their owner deleted. */
export const deletedConversations = z.object({
  ids: z.array(z.string()),
  nextToken: z.string().nullish(),
});
