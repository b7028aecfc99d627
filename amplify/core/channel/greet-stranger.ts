import { channelTexts } from './channel-text.ts';
import { type ChannelReply, type Sender, silent, textReply } from './channel-update.ts';
import type { ChannelUpdatePorts } from './channel-update-ports.ts';
import { strangerMs } from './link-codes.ts';
import type { Place } from './place.ts';

/** One polite word to somebody unknown, then silence; in a group not even that. */
export async function greetStranger(
  ports: Pick<ChannelUpdatePorts, 'links' | 'now' | 'titles'>,
  { place, sender }: { place: Place; sender: Sender },
): Promise<ChannelReply> {
  if (!place.isPrivate) return silent;
  const { language } = sender;
  const seen = await ports.links.countStranger(place.channel, sender.id, 'word', ports.now() + strangerMs);
  return seen === 1 ? textReply(place, channelTexts[language].stranger(ports.titles[language])) : silent;
}
