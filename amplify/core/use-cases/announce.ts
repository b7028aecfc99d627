import { viewOf } from '../agent-view.ts';
import type { Event } from '../event.ts';
import type { Lease } from '../lease.ts';
import { webChannel } from '../message.ts';
import { type StoredMessage, toMessage } from '../message-row.ts';
import { isNews } from '../news.ts';
import type { Courier } from '../ports.ts';
import type { WakePorts } from './wake-ports.ts';

type Ports = Pick<WakePorts, 'publisher' | 'log' | 'ownerHash'>;
type MessagePorts = Ports & Pick<WakePorts, 'courier'>;

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
      messageId: 'messageId' in event ? event.messageId : undefined,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

export const announceAgent = (ports: Ports, lease: Lease): Promise<void> =>
  announce(ports, lease.owner, { kind: 'agent.changed', agent: viewOf(lease) });

/** AppSync takes no more than 240 KB; beyond this length what tools took and gave is left to a reading of the row. */
const longEvent = 60_000;

/** Tells of a message; an end also goes out by the channel by which the message came. Never throws. */
export async function announceMessage(
  ports: MessagePorts,
  kind: 'message.accepted' | 'message.finished',
  row: StoredMessage,
): Promise<void> {
  const message = toMessage(row);
  const isLong = JSON.stringify(message).length > longEvent;
  const tools = isLong
    ? message.tools.map(({ input: _input, output: _output, ...tool }) => tool)
    : message.tools;
  const { conversationId, id: messageId } = row;
  await announce(ports, row.owner, { kind, conversationId, messageId, message: { ...message, tools } });
  if (kind === 'message.finished') await sendCourier(ports, row);
}

/** Tells of a message that ended without a task, its owner's browsers too. Never throws. */
export async function announceEnd(
  ports: MessagePorts & Pick<WakePorts, 'pushCourier'>,
  row: StoredMessage,
): Promise<void> {
  await announceMessage(ports, 'message.finished', row);
  if (isNews(row)) await send(ports, ports.pushCourier, row);
}

/** Has the message's channel told how it stands. Never throws: the sweeper finds what was not brought. */
export async function sendCourier(ports: MessagePorts, row: StoredMessage): Promise<void> {
  if (row.channel !== webChannel) await send(ports, ports.courier, row);
}

async function send(ports: Ports, courier: Courier, row: StoredMessage): Promise<void> {
  try {
    await courier.send(row.owner, row);
  } catch (error) {
    ports.log({
      level: 'error',
      what: 'courier-failed',
      owner: ports.ownerHash(row.owner),
      messageId: row.id,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
