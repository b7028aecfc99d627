import type { Attachment } from '../attachment.ts';
import { maxAttachmentSize } from '../attachment.ts';
import { isFinal } from '../message.ts';
import type { FileSource, MessageKey, StoredMessage } from '../message-row.ts';
import type { Clock, FileBytes, FileStore, MessageStore } from '../ports.ts';
import { announceMessage } from '../use-cases/announce.ts';
import type { WakePorts } from '../use-cases/wake-ports.ts';
import { type Channel, ChannelFault, type Channels } from './channel-ports.ts';

export interface ReceivePorts extends Pick<WakePorts, 'publisher' | 'courier' | 'log' | 'ownerHash'> {
  channels: Channels;
  messages: Pick<MessageStore, 'get' | 'setFiles' | 'finish'>;
  files: Pick<FileStore, 'remove'>;
  bytes: Pick<FileBytes, 'write'>;
  now: Clock;
  /** Waits so many milliseconds. */
  pause: (ms: number) => Promise<void>;
}

/** A channel that does not give a file is asked again for this long, milliseconds: the function lives a little longer. */
const patienceMs = 60_000;
const firstPauseMs = 1_000;

/**
 * Brings files of a message from the channel that keeps them to where the owner's files lie: those that have not
 * arrived yet, or only `fileId`. The agent takes the message up when none is missing. Whoever calls, how often, and
 * whatever crashes in between: the same file comes to lie in the same place. What can't be had fails the message,
 * which can be tried again.
 */
export async function receiveFiles(
  ports: ReceivePorts,
  { owner, fileId, ...key }: MessageKey & { owner: string; fileId?: string | undefined },
): Promise<void> {
  const row = await ports.messages.get(owner, key);
  const wanted = (row?.sources ?? []).filter(
    ({ id }) => (fileId === undefined || id === fileId) && isArriving(row, id),
  );
  if (!row || wanted.length === 0) return;
  try {
    const channel = await ports.channels(row.channel);
    if (!channel) throw new ChannelFault('refused', 'the channel is not set up');
    await Promise.all(wanted.map((source) => receive(ports, channel, row, source)));
  } catch (error) {
    if (!(error instanceof ChannelFault)) throw error;
    await giveUp(ports, row, error);
  }
}

const isArriving = (row: StoredMessage | null, id: string): boolean =>
  row?.attachments.some((file) => file.id === id && file.arriving && !file.deletedAt) ?? false;

async function receive(
  ports: ReceivePorts,
  channel: Channel,
  { owner, ...key }: StoredMessage,
  { id, ref }: FileSource,
): Promise<void> {
  const bytes = await fetchPatiently(ports, channel, ref);
  const file = { id, size: bytes.length };
  for (;;) {
    const row = await ports.messages.get(owner, key);
    const named = row?.attachments.find((each) => each.id === id);
    // Deleted meanwhile, or somebody else was faster.
    if (!row || !named || !isArriving(row, id)) return row ? undefined : ports.files.remove(owner, [id]);
    await ports.bytes.write(owner, named, bytes);
    const after = await ports.messages.setFiles(row, { attachments: arrived(row.attachments, file) });
    if (!after) continue;
    ports.log({
      level: 'info',
      what: 'file-received',
      owner: ports.ownerHash(owner),
      messageId: row.id,
      bytes: bytes.length,
    });
    // The pages show it; the task, if there is one, looks whether that was the last.
    if (!isFinal(after.status)) await announceMessage(ports, 'message.accepted', after);
    return;
  }
}

const arrived = (files: readonly Attachment[], { id, size }: Pick<Attachment, 'id' | 'size'>): Attachment[] =>
  files.map((file) => {
    if (file.id !== id) return file;
    const { arriving: _arriving, ...rest } = file;
    return { ...rest, size };
  });

async function fetchPatiently(
  ports: Pick<ReceivePorts, 'now' | 'pause'>,
  channel: Channel,
  ref: string,
): Promise<Uint8Array> {
  const until = ports.now() + patienceMs;
  for (let pause = firstPauseMs; ; pause *= 2) {
    try {
      return await channel.fetchFile(ref, maxAttachmentSize);
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error;
      const wait = Math.max(pause, error.retryAfterMs);
      const isHopeless = error.kind === 'refused' || error.kind === 'closed';
      if (isHopeless || ports.now() + wait > until) throw error;
      await ports.pause(wait);
    }
  }
}

/** Fails the message as it was when this began; a Retry fetches again. */
async function giveUp(ports: ReceivePorts, row: StoredMessage, fault: ChannelFault): Promise<void> {
  const { owner, attempt } = row;
  ports.log({
    ...{ level: 'warn', what: 'file-not-received', owner: ports.ownerHash(owner), messageId: row.id },
    ...{ channel: row.channel, kind: fault.kind, error: fault.message },
  });
  const finishedAt = new Date(ports.now()).toISOString();
  const failed = await ports.messages.finish(owner, row, {
    ...{ attempt, status: 'failed', error: { code: 'attachment.not_received' }, finishedAt },
  });
  if (failed) await announceMessage(ports, 'message.finished', failed);
}
