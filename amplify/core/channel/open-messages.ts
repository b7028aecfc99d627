import { isFinal } from '../message.ts';
import { type MessageKey, parsePendingKey } from '../message-row.ts';
import type { MessageState } from '../ports.ts';
import type { WakePorts } from '../use-cases/wake-ports.ts';

/** Messages that are not final, of one conversation or (`null`) of all. */
export async function waitingIn(
  ports: Pick<WakePorts, 'leases' | 'messages'>,
  owner: string,
  conversationId: string | null,
): Promise<readonly MessageState[]> {
  const lease = await ports.leases.get(owner);
  const keys = (lease?.pending ?? [])
    .map(parsePendingKey)
    .filter((key): key is MessageKey => key !== null)
    .filter((key) => conversationId === null || key.conversationId === conversationId);
  if (keys.length === 0) return [];
  return (await ports.messages.states(owner, keys)).filter(({ status }) => !isFinal(status));
}
