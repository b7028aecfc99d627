import type { Approval } from '../message.ts';
import type { MessageKey, StoredMessage } from '../message-row.ts';
import { announce } from './announce.ts';
import type { WakePorts } from './wake-ports.ts';

/** Passes on a user's yes or no to the command that waits. null: nothing waits for it. */
export async function decideApproval(
  ports: Pick<WakePorts, 'messages' | 'publisher' | 'log' | 'ownerHash'>,
  input: MessageKey & { owner: string; approvalId: string; decision: NonNullable<Approval['decision']> },
): Promise<StoredMessage | null> {
  const { owner, approvalId: id, decision } = input;
  const row = await ports.messages.decide(owner, input, { id, decision });
  if (!row) return null;
  const { conversationId, id: messageId, attempt } = row;
  const approval = row.approval ?? null;
  await announce(ports, owner, { kind: 'message.approval', conversationId, messageId, attempt, approval });
  return row;
}
