import type { Attachment } from '../attachment.ts';
import { type Channel, ChannelFault } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';
import type { DeliverPorts } from './deliver.ts';
import type { Delivery } from './delivery.ts';

/** Sends a file of the answer; what can't be sent there is named, and is in the web app. Gives the message's reference. */
export async function bringFile(
  ports: Pick<DeliverPorts, 'bytes'>,
  channel: Channel,
  { owner, place, language }: Delivery,
  file: Attachment,
  replyTo: string | null | undefined,
): Promise<string> {
  const texts = channelTexts[language];
  const bytes = await ports.bytes.read(owner, file);
  // Deleted in this moment.
  if (!bytes) return channel.post(place, texts.fileGone(file.name));
  try {
    return await channel.sendFile(place, { ...file, bytes }, { replyTo });
  } catch (error) {
    if (!(error instanceof ChannelFault) || error.kind !== 'refused') throw error;
    return channel.post(place, texts.fileRefused(file.name));
  }
}
