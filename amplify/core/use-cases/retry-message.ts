import type { OwnModel } from '../conversation.ts';
import { AppError } from '../error.ts';
import { isFinal, isRetryable, type Message } from '../message.ts';
import { type MessageKey, type StoredMessage, toMessage } from '../message-row.ts';
import type { FileFetcher } from '../ports.ts';
import type { MessagePorts } from './accept-message.ts';
import { checkKey } from './check-message.ts';
import { fetchFiles } from './fetch-files.ts';
import { checkRoom, ring } from './ring.ts';
import { checkSpending } from './spending.ts';
import { takeAllowance } from './take-allowance.ts';

/**
 * Queues a failed, stopped or interrupted message anew. `attempt` is the one that the user saw end;
 * asking twice is one Retry, and mends what a crash left undone.
 * Throws message.id_invalid, .not_found, .not_retryable, .queue_full, .rate_limited, conversation.id_invalid,
 * .not_found, spending.…
 */
export async function retryMessage(
  ports: MessagePorts & { fetcher: FileFetcher },
  input: MessageKey & { owner: string; attempt: number },
): Promise<Message> {
  const { owner, conversationId, attempt } = input;
  checkKey(input);
  const [row, conversation] = await Promise.all([
    ports.messages.get(owner, input),
    ports.conversations.get(owner, conversationId),
  ]);
  if (!conversation) throw new AppError('conversation.not_found');
  if (!row) throw new AppError('message.not_found');
  const queued = isOngoingRetry(row, attempt)
    ? row
    : await requeue(ports, row, attempt, conversation.model ?? null);
  ports.log({
    level: 'info',
    what: 'message-retried',
    owner: ports.ownerHash(owner),
    messageId: row.id,
    attempt: queued.attempt,
    resent: queued === row,
  });
  await fetchFiles(ports, queued);
  return toMessage(await ring(ports, queued));
}

const isOngoingRetry = (row: StoredMessage, attempt: number): boolean =>
  row.attempt === attempt + 1 && !isFinal(row.status);

async function requeue(
  ports: MessagePorts,
  row: StoredMessage,
  attempt: number,
  ownModel: OwnModel | null,
): Promise<StoredMessage> {
  if (!isRetryable(row.status) || row.attempt !== attempt) {
    throw new AppError('message.not_retryable', { detail: `${row.status}, attempt ${row.attempt}` });
  }
  await Promise.all([checkRoom(ports, row.owner, row), checkSpending(ports, row.owner)]);
  const giveBack = await takeAllowance(ports, row.owner, 'message');
  const queued = await ports.messages.requeue(row.owner, row, attempt, ownModel);
  if (queued) return queued;
  await giveBack();
  const current = await ports.messages.get(row.owner, row);
  if (!current) throw new AppError('message.not_found');
  if (isOngoingRetry(current, attempt)) return current;
  throw new AppError('message.not_retryable', { detail: `${current.status}, attempt ${current.attempt}` });
}
