import type { DeliveryStore } from '../channel/channel-ports.ts';
import { againMs, type ConversationErasure, type ErasureStore, settleMs, tombstoneMs } from '../erasure.ts';
import { isFinal } from '../message.ts';
import { parsePendingKey, type StoredMessage } from '../message-row.ts';
import type { FileStore, MessageStore } from '../ports.ts';
import type { ScheduleStore } from '../schedule/schedule-ports.ts';
import { type StopPorts, stopMessage } from './stop-message.ts';

export interface EraseConversationPorts extends StopPorts {
  erasures: ErasureStore;
  messages: MessageStore;
  deliveries: Pick<DeliveryStore, 'remove'>;
  files: Pick<FileStore, 'remove'>;
  schedules: Pick<ScheduleStore, 'list' | 'remove'>;
}

/** Messages that are erased together. Each names fifty files at most, and S3 deletes a thousand at once. */
const batch = 20;

/**
 * Erases what a deleted conversation has left: its schedules end and its turns are stopped at once; its messages, their files and what was to be
 * brought to channels go when nothing begun before can write any more. Stops at `deadline` (milliseconds since 1970) and
 * goes on when it is called again. Does nothing for a conversation that was not deleted.
 */
export async function eraseConversation(
  ports: EraseConversationPorts,
  erasure: ConversationErasure,
  deadline: number,
): Promise<void> {
  const { owner, conversationId } = erasure;
  const deletedAt = await ports.erasures.deletedAt(erasure);
  if (deletedAt === null) return;
  await endSchedules(ports, erasure);
  await stopPending(ports, erasure);
  const settled = Date.parse(deletedAt) + settleMs;
  if (ports.now() < settled) return ports.erasures.postpone(erasure, settled);

  let erased = 0;
  while (ports.now() < deadline) {
    const rows = await ports.messages.newest(owner, conversationId, batch);
    if (rows.length === 0) {
      await ports.erasures.close(erasure, Math.ceil((ports.now() + tombstoneMs) / 1000));
      ports.log({
        level: 'info',
        what: 'conversation-erased',
        owner: ports.ownerHash(owner),
        messages: erased,
      });
      return;
    }
    const open = rows.filter(({ status }) => !isFinal(status));
    if (open.length > 0) {
      for (const row of open) await stopMessage(ports, row);
      return ports.erasures.postpone(erasure, ports.now() + againMs);
    }
    // Rows go last: they name what else there is.
    await ports.files.remove(owner, rows.flatMap(fileIdsOf));
    await ports.deliveries.remove(
      owner,
      rows.map(({ id }) => id),
    );
    await ports.messages.remove(owner, rows);
    erased += rows.length;
  }
}

/** Stops what waits or runs in the conversation: nobody is there to read an answer. */
async function stopPending(
  ports: EraseConversationPorts,
  { owner, conversationId }: ConversationErasure,
): Promise<void> {
  const lease = await ports.leases.get(owner);
  for (const pending of lease?.pending ?? []) {
    const key = parsePendingKey(pending);
    if (key?.conversationId === conversationId) await stopMessage(ports, { owner, ...key });
  }
}

/** What would still be sent to it. One that is made at this moment ends at its time, when its conversation is not there. */
async function endSchedules(
  { schedules }: EraseConversationPorts,
  { owner, conversationId }: ConversationErasure,
): Promise<void> {
  const own = (await schedules.list(owner)).filter((row) => row.conversationId === conversationId);
  await schedules.remove(
    owner,
    own.map(({ id }) => id),
  );
}

/** Files that go with a message or its answer, or were begun for an answer that came to nothing. */
const fileIdsOf = ({ attachments, files, uploads }: StoredMessage): string[] => [
  ...new Set([...attachments.map(({ id }) => id), ...files.map(({ id }) => id), ...(uploads ?? [])]),
];
