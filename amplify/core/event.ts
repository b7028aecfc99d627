import * as z from 'zod';
import { agentView } from './agent.ts';
import { conversation } from './conversation.ts';
import { AppError } from './error.ts';
import { approval, message, toolCard } from './message.ts';

const place = { conversationId: z.uuid(), messageId: z.uuid() };
const attempt = z.number().int().positive();
const epoch = z.number().int().positive();

/**
 * Everything that is told to an owner's open pages, and to the owner's task as its doorbell.
 * Deltas are not stored; whatever else is here stands in a row as well.
 */
export const event = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message.accepted'), ...place, message }),
  z.object({ kind: z.literal('message.started'), ...place, epoch, attempt }),
  /** `offset`: where `text` begins in the answer, UTF-16 units. `seq` counts from 1 within (epoch, attempt). */
  z.object({
    kind: z.literal('message.delta'),
    ...place,
    epoch,
    attempt,
    seq: z.number().int().positive(),
    offset: z.number().int().nonnegative(),
    text: z.string(),
  }),
  z.object({ kind: z.literal('message.tool'), ...place, epoch, attempt, tool: toolCard }),
  /** A word on what takes time: OpenClaw prepares, the model starts, thinks or is tried again. */
  z.object({
    kind: z.literal('message.progress'),
    ...place,
    attempt,
    step: z.enum(['preparing', 'model-starting', 'thinking', 'model-retrying']),
  }),
  z.object({ kind: z.literal('message.approval'), ...place, attempt, approval: approval.nullable() }),
  z.object({ kind: z.literal('message.stopping'), ...place }),
  z.object({ kind: z.literal('message.finished'), ...place, message }),
  z.object({ kind: z.literal('conversation.changed'), conversationId: z.uuid(), conversation }),
  z.object({ kind: z.literal('conversation.deleted'), conversationId: z.uuid() }),
  z.object({ kind: z.literal('agent.changed'), agent: agentView }),
  z.object({ kind: z.literal('settings.changed') }),
  /** A channel was linked, unlinked, or its person can be reached again or no more. */
  z.object({ kind: z.literal('channels.changed') }),
  /** A schedule was made, changed or removed, or its time came. */
  z.object({ kind: z.literal('schedules.changed') }),
]);
export type Event = z.infer<typeof event>;

/** An event as AppSync carries it: the filter looks at `owner` and `kind`, `body` is the rest as JSON. */
export const wireEvent = z.object({
  owner: z.string(),
  kind: z.string(),
  conversationId: z.string().nullish(),
  messageId: z.string().nullish(),
  /** AWSJSON: a string on the wire. */
  body: z.string(),
});
export type WireEvent = z.infer<typeof wireEvent>;

/** Packs an event for the owner. */
export function toWire(owner: string, value: Event): WireEvent {
  const { kind, ...rest } = event.parse(value);
  const {
    conversationId = null,
    messageId = null,
    ...body
  } = rest as Record<string, unknown> & {
    conversationId?: string;
    messageId?: string;
  };
  return { owner, kind, conversationId, messageId, body: JSON.stringify(body) };
}

/** Unpacks an event. Throws `event.malformed` for anything that is not one. */
export function fromWire(value: unknown): Event {
  const wire = wireEvent.safeParse(value);
  if (!wire.success) throw new AppError('event.malformed', { cause: wire.error });
  const { kind, conversationId, messageId, body } = wire.data;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
    // A resolver that passes AWSJSON on as the text it was has it encoded once more.
    if (typeof parsed === 'string') parsed = JSON.parse(parsed);
  } catch (cause) {
    throw new AppError('event.malformed', { cause });
  }
  const result = event.safeParse({
    ...(parsed as object),
    kind,
    ...(conversationId ? { conversationId } : {}),
    ...(messageId ? { messageId } : {}),
  });
  if (!result.success) throw new AppError('event.malformed', { cause: result.error });
  return result.data;
}
