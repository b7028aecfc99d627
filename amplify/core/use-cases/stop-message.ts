import { isFinal } from '../message.ts';
import { type MessageKey, pendingKey, type StoredMessage } from '../message-row.ts';
import { announce, announceMessage } from './announce.ts';
import type { WakePorts } from './wake-ports.ts';

export type StopPorts = Pick<
  WakePorts,
  'leases' | 'messages' | 'publisher' | 'courier' | 'now' | 'log' | 'ownerHash'
>;

/**
 * Stops a message: at once when no task has taken it, else its task is asked to. Gives the row after it;
 * null when there is nothing to stop. What the field stopMessage does for the web app.
 */
export async function stopMessage(
  ports: StopPorts,
  { owner, ...key }: MessageKey & { owner: string },
): Promise<StoredMessage | null> {
  // Read before: whoever rings after it may have put the key there anew.
  const lease = await ports.leases.get(owner);
  const row = await ports.messages.stop(owner, key, new Date(ports.now()).toISOString());
  if (!row) return null;
  if (!isFinal(row.status)) {
    const { conversationId, id: messageId } = row;
    await announce(ports, owner, { kind: 'message.stopping', conversationId, messageId });
    return row;
  }
  if (lease) await ports.leases.drop(owner, [pendingKey(key)], lease.wakeSeq);
  await announceMessage(ports, 'message.finished', row);
  return row;
}
