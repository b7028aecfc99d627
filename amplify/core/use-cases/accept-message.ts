import type { Attachment } from '../attachment.ts';
import { titleFrom } from '../conversation.ts';
import { AppError } from '../error.ts';
import { isFinal, type Message } from '../message.ts';
import { checkIdTime } from '../message-id.ts';
import {
  type FileSource,
  type MessageKey,
  type StoredMessage,
  storedMessage,
  toMessage,
} from '../message-row.ts';
import type { ConversationStore, FileStore } from '../ports.ts';
import { announce } from './announce.ts';
import { keepAttachments, readAttachments } from './check-attachments.ts';
import { checkKey, checkText } from './check-message.ts';
import { checkRoom, ring } from './ring.ts';
import { checkSpending } from './spending.ts';
import { takeAllowance } from './take-allowance.ts';
import type { WakePorts } from './wake-ports.ts';

export interface MessagePorts extends WakePorts {
  conversations: ConversationStore;
}

/** What accepting needs beside it. */
export interface AcceptPorts extends MessagePorts {
  files: Pick<FileStore, 'find' | 'keep'>;
}

/** Files that a channel keeps until they are fetched. Made by the app itself, never by a client. */
export interface ArrivingFiles {
  readonly files: readonly Attachment[];
  readonly sources: readonly FileSource[];
}

/**
 * Accepts a user's message under the client's id and wakes the agent; never waits for it.
 * The same id with the same text and files is the same message, and mends what a crash left undone.
 * Throws message.empty, .too_long, .id_invalid, .id_taken, .clock_off, .queue_full, .rate_limited,
 * conversation.id_invalid, .not_found, attachment.invalid, .too_many, .missing, .too_large, spending.…;
 * nothing is stored then.
 */
export async function acceptMessage(
  ports: AcceptPorts,
  input: MessageKey & {
    owner: string;
    text: string;
    attachments?: unknown;
    arriving?: ArrivingFiles | undefined;
    joinsUntil?: string;
    channel?: string;
    /** Of a message that nobody sends now. */
    schedule?: Message['schedule'];
  },
): Promise<Message> {
  const { owner, conversationId, id } = input;
  checkKey(input);
  const { arriving } = input;
  const attachments = arriving?.files ?? readAttachments(input.attachments);
  const text = checkText(input.text, attachments.length > 0);
  const now = ports.now();
  const row: StoredMessage = storedMessage.parse({
    ...{ owner, conversationId, id, text, attachments },
    ...(input.channel !== undefined && { channel: input.channel }),
    ...(input.schedule && { schedule: input.schedule }),
    ...(arriving && { sources: arriving.sources, joinsUntil: input.joinsUntil }),
    status: 'queued',
    attempt: 1,
    acceptedAt: new Date(now).toISOString(),
  });

  const stored = await putOrFind(ports, row, now);
  if (stored.text !== text || idsOf(stored.attachments) !== idsOf(attachments))
    throw new AppError('message.id_taken');
  const place = { owner: ports.ownerHash(owner), messageId: id };
  ports.log({
    level: 'info',
    what: 'message-accepted',
    ...place,
    status: stored.status,
    files: stored.attachments.length,
    resent: stored.acceptedAt !== row.acceptedAt,
  });
  if (isFinal(stored.status)) return toMessage(stored);

  const [answer] = await Promise.all([ring(ports, stored), noteActivity(ports, stored)]);
  return toMessage(answer);
}

/** Moves the conversation up and names it after its first message. A failure is mended by the next message. */
async function noteActivity(ports: MessagePorts, row: StoredMessage): Promise<void> {
  const { owner, conversationId } = row;
  try {
    const title = titleFrom(row.text) || titleFrom(row.attachments[0]?.name ?? '');
    const change = { activeAt: row.acceptedAt, title };
    const conversation = await ports.conversations.touch(owner, conversationId, change);
    if (!conversation) return;
    await announce(ports, owner, { kind: 'conversation.changed', conversationId, conversation });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = { owner: ports.ownerHash(owner), messageId: row.id };
    ports.log({ level: 'error', what: 'touch-failed', ...place, error: message });
  }
}

const idsOf = (attachments: readonly Attachment[]): string => attachments.map(({ id }) => id).join();

/** Stores the row unless its key is taken; gives the row that stands. */
async function putOrFind(ports: AcceptPorts, row: StoredMessage, now: number): Promise<StoredMessage> {
  const { owner, conversationId, id } = row;
  const conversation = await ports.conversations.get(owner, conversationId);
  if (!conversation) throw new AppError('conversation.not_found');
  let attachments: Attachment[];
  let giveBack: (() => Promise<void>) | undefined;
  try {
    checkIdTime(id, now);
    await Promise.all([checkRoom(ports, owner, row), checkSpending(ports, owner)]);
    giveBack = await takeAllowance(ports, owner, 'message');
    attachments = row.sources ? row.attachments : await keepAttachments(ports, owner, row.attachments);
  } catch (error) {
    await giveBack?.();
    // A late resend of what was accepted in time is still that message.
    const existing = await ports.messages.get(owner, row);
    if (existing) return existing;
    throw error;
  }
  const kept = {
    ...row,
    ...(attachments.length > 0 && { attachments, filedAt: row.acceptedAt }),
    ...(conversation.model && { ownModel: conversation.model }),
  };
  const put = await ports.messages.put(kept);
  if (put.stored) return kept;
  // A resend is the same message, and counts once.
  await giveBack();
  return put.existing;
}
