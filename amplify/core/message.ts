import * as z from 'zod';
import { attachment, maxAttachments } from './attachment.ts';
import { channelName } from './channel/place.ts';
import { errorCodes } from './error.ts';
import { transcript } from './transcript.ts';

/** The channel that everybody has. */
export const webChannel = 'web';
/** Longest text of one message, in UTF-16 units. OpenClaw takes more; a row and an event must stay well below 240 KB. */
export const maxTextLength = 32_000;
/** Longest answer that is kept, in UTF-16 units (a DynamoDB row holds 400 KB, an AppSync event 240 KB). */
export const maxAnswerLength = 60_000;
/** Most that is kept of what a model thought before an answer, in UTF-16 units: a row that is read costs by its size. */
export const maxThinkingLength = 8_000;
/** Messages that may wait for one owner's agent at a time. */
export const maxPending = 50;

/**
 * queued: stored, waits for the agent. working: a task holds it. The rest are final.
 * interrupted: cut off after a tool had run. stopped: by the user. Both keep the partial answer.
 */
export const messageStatuses = ['queued', 'working', 'answered', 'failed', 'stopped', 'interrupted'] as const;
export const messageStatus = z.enum(messageStatuses);
export type MessageStatus = z.infer<typeof messageStatus>;

/** Statuses that nothing but a Retry leaves. */
export const isFinal = (status: MessageStatus): boolean => status !== 'queued' && status !== 'working';

/** Statuses that a Retry may start anew. */
export const isRetryable = (status: MessageStatus): boolean =>
  status === 'failed' || status === 'interrupted' || status === 'stopped';

/** One use of a tool, as people see it. `input` and `output` are cut to 4,000 characters. */
export const toolCard = z.object({
  id: z.string(),
  name: z.string(),
  /** One line, e.g. the command or the path. */
  title: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  input: z.string().optional(),
  output: z.string().optional(),
  /** Where in the answer's text the tool was called, in UTF-16 units. */
  at: z.number().int().nonnegative(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
});
export type ToolCard = z.infer<typeof toolCard>;

/** A command that waits for the user's yes or no. */
export const approval = z.object({
  id: z.string(),
  command: z.string(),
  cwd: z.string().optional(),
  requestedAt: z.iso.datetime(),
  decision: z.enum(['allow-once', 'deny']).optional(),
});
export type Approval = z.infer<typeof approval>;

const tokens = z.number().int().nonnegative();

/** What an answer's model calls used, all of them together. */
export const usage = z.object({
  /** All of it: what came from a cache or went into one is included. */
  inputTokens: tokens,
  /** Reasoning included. */
  outputTokens: tokens,
  /** Of the input: read from the provider's cache. */
  cachedTokens: tokens.default(0),
  /** Of the input: written to the provider's cache. */
  cacheWriteTokens: tokens.default(0),
  /** Of the output: reasoning, where the provider tells. */
  reasoningTokens: tokens.default(0),
  /** Millionths of a US dollar (price.ts); absent where the model has no price. */
  costMicros: tokens.nullish(),
  /** A call was cut off or told no tokens: its part was estimated. */
  estimated: z.boolean().default(false),
});

/** A user's message and the agent's answer to it: one row, one key. */
export const message = z.object({
  conversationId: z.uuid(),
  id: z.uuid(),
  /** May be empty where files go with it. */
  text: z.string(),
  attachments: z.array(attachment).max(maxAttachments).default([]),
  /** What a machine understood of its voice; stays over a Retry. */
  transcript: transcript.nullish(),
  /** By what it came, and where its answer goes besides the web app. */
  channel: channelName.default(webChannel),
  /** The schedule that sent it, and for when; absent where a person did. */
  schedule: z.object({ id: z.uuid(), dueAt: z.iso.datetime() }).nullish(),
  status: messageStatus,
  /** Starts at 1; each Retry adds one. */
  attempt: z.number().int().positive(),
  /** The lease's epoch that works on it, or last did: `seq` counts within it. Absent before the first claim. */
  epoch: z.number().int().positive().nullish(),
  acceptedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullish(),
  finishedAt: z.iso.datetime().nullish(),
  /** The answer as far as it is stored: all of it when final, the last checkpoint before. */
  answer: z.string().default(''),
  /** Deltas up to and with this seq are in `answer`. */
  seq: z.number().int().nonnegative().default(0),
  tools: z.array(toolCard).default([]),
  /** What the agent made for this answer. */
  files: z.array(attachment).default([]),
  approval: approval.nullish(),
  stopRequested: z.boolean().nullish(),
  error: z.object({ code: z.enum(errorCodes), detail: z.string().nullish() }).nullish(),
  usage: usage.nullish(),
  model: z.string().nullish(),
  /** How long the model thought, milliseconds; absent when it did not show that. What it thought is read on demand. */
  thinkingMs: z.number().int().nonnegative().nullish(),
});
export type Message = z.infer<typeof message>;
