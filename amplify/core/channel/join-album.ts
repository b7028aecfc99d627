import { maxAttachments } from '../attachment.ts';
import { AppError } from '../error.ts';
import { isFinal, type Message } from '../message.ts';
import { type MessageKey, type StoredMessage, toMessage } from '../message-row.ts';
import { type ArrivingFiles, acceptMessage } from '../use-cases/accept-message.ts';
import { ring } from '../use-cases/ring.ts';
import type { ChannelUpdatePorts } from './channel-update-ports.ts';

/**
 * So long after a part of an album has come the agent waits for another, milliseconds: parts are told of at the same
 * time, but a function that has to start first takes a while.
 */
const joinMs = 3_000;

type Input = Parameters<typeof acceptMessage>[1] & { arriving: ArrivingFiles };

/**
 * Accepts a part of an album: the first one makes the message, the others join it while no task has taken it, in
 * whatever order and however often they come. What comes later is a message of its own, under `own`.
 */
export async function joinAlbum(ports: ChannelUpdatePorts, input: Input, own: MessageKey): Promise<Message> {
  const { owner, arriving } = input;
  const joinsUntil = () => new Date(ports.now() + joinMs).toISOString();
  for (;;) {
    const row = await ports.messages.get(owner, input);
    if (!row) {
      try {
        return await acceptMessage(ports, { ...input, joinsUntil: joinsUntil() });
      } catch (error) {
        // Another part was faster.
        if (!(error instanceof AppError && error.code === 'message.id_taken')) throw error;
        continue;
      }
    }
    const isThere = row.attachments.some(({ id }) => id === arriving.files[0]?.id);
    if (!isThere && !isOpen(row)) return acceptMessage(ports, { ...input, ...own });
    const after = isThere ? row : await ports.messages.setFiles(row, joined(row, arriving, joinsUntil()));
    // Rung for each part: whoever joined may have died before.
    if (after) return toMessage(isFinal(after.status) ? after : await ring(ports, after));
  }
}

/** Can another part join it? Once a task has taken it, it is what it is. */
export const isOpen = ({ status, attempt, epoch, attachments }: StoredMessage): boolean =>
  status === 'queued' && attempt === 1 && !epoch && attachments.length < maxAttachments;

/** Parts in the order in which they were sent: their ids sort by it. */
function joined(row: StoredMessage, { files, sources }: ArrivingFiles, joinsUntil: string) {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const all = [...(row.sources ?? []), ...sources].sort(byId);
  return {
    attachments: [...row.attachments, ...files].sort(byId),
    joining: { sources: all, text: captionsOf(all), joinsUntil },
  };
}

const captionsOf = (sources: readonly { caption: string }[]): string =>
  sources
    .map(({ caption }) => caption)
    .filter((caption) => caption !== '')
    .join('\n\n');
