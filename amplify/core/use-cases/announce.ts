import { viewOf } from '../agent-view.ts';
import type { Event } from '../event.ts';
import type { Lease } from '../lease.ts';
import { type StoredMessage, toMessage } from '../message-row.ts';
import type { WakePorts } from './wake-ports.ts';

type Ports = Pick<WakePorts, 'publisher' | 'log' | 'ownerHash'>;

/**
 * Tells an owner's pages and task what is stored already. Never throws: what was not heard
 * is read again by pages when they connect and by the task with its next pull.
 */
export async function announce(ports: Ports, owner: string, event: Event): Promise<void> {
  try {
    await ports.publisher.publish(owner, event);
  } catch (error) {
    ports.log({
      level: 'error',
      what: 'publish-failed',
      owner: ports.ownerHash(owner),
      kind: event.kind,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

export const announceAgent = (ports: Ports, lease: Lease): Promise<void> =>
  announce(ports, lease.owner, { kind: 'agent.changed', agent: viewOf(lease) });

export const announceMessage = (
  ports: Ports,
  kind: 'message.accepted' | 'message.finished',
  row: StoredMessage,
): Promise<void> =>
  announce(ports, row.owner, {
    kind,
    conversationId: row.conversationId,
    messageId: row.id,
    message: toMessage(row),
  });
