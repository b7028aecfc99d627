import type { Attachment } from '../attachment.ts';
import { type Channel, ChannelFault, type OutgoingFile } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';
import type { DeliverPorts, Held } from './deliver.ts';
import { send } from './send-step.ts';

/** No files are begun later than this, milliseconds: the function that delivers does not live for ever. */
const beginMs = 5_000;

type Ports = Pick<DeliverPorts, 'bytes' | 'now' | 'pause'>;

/**
 * Sends the files of an answer, group by group, as the parts from `from` on; what goes as one is noted as one. Gives
 * after how many milliseconds the next call is to go on; 0: everything is sent.
 */
export async function bringFiles(
  ports: Ports,
  channel: Channel,
  held: Held,
  { files, from, begun }: { files: readonly Attachment[]; from: number; begun: number },
): Promise<number> {
  const { everyMs } = channel.pace(held.row.place);
  let at = from;
  let resting = 0;
  for (const group of channel.groupFiles(files)) {
    const { parts } = held.row;
    const isSent = (index: number) => Boolean(parts[index]?.ref);
    const isBegun = group.some((_, index) => isSent(at + index));
    const isOpen = group.some((_, index) => !isSent(at + index));
    const isLate = () => at > 0 && ports.now() - begun > beginMs;
    if (isOpen && (resting > 0 || isLate())) return resting || everyMs;
    const isWhole = isOpen && !isBegun && (await bringGroup(ports, channel, held, group, at));
    // An album counts as so many messages.
    if (isWhole) resting = everyMs * group.length;
    else if (isOpen) {
      for (const [index, file] of group.entries()) {
        if (isSent(at + index)) continue;
        if (isLate()) return everyMs;
        await send(ports, channel, held, at + index, 1, async () => [
          await bringFile(ports, channel, held, file, replyOf(held, at + index)),
        ]);
      }
    }
    at += group.length;
  }
  return 0;
}

/** What is answered goes with the first thing that is sent. */
const replyOf = ({ row }: Held, at: number) => (at === 0 ? row.replyTo : null);

/** All of a group at once. False, and nothing is sent: it is one file, one of them is gone, or it is refused together. */
async function bringGroup(
  ports: Ports,
  channel: Channel,
  held: Held,
  group: readonly Attachment[],
  at: number,
): Promise<boolean> {
  if (group.length === 1) return false;
  const { owner, place } = held.row;
  const read = await Promise.all(
    group.map(async (file) => ({ ...file, bytes: await ports.bytes.read(owner, file) })),
  );
  const all = read.filter((file): file is typeof file & OutgoingFile => file.bytes !== null);
  if (all.length < group.length) return false;
  try {
    await send(ports, channel, held, at, group.length, () =>
      channel.sendFiles(place, all, { replyTo: replyOf(held, at) }),
    );
    return true;
  } catch (error) {
    if (error instanceof ChannelFault && error.kind === 'refused') return false;
    throw error;
  }
}

/** A file alone; what can't be sent there is named, and is in the web app. Gives the message's reference. */
async function bringFile(
  ports: Ports,
  channel: Channel,
  { row: { owner, place, language } }: Held,
  file: Attachment,
  replyTo: string | null | undefined,
): Promise<string> {
  const texts = channelTexts[language];
  const bytes = await ports.bytes.read(owner, file);
  // Deleted in this moment.
  if (!bytes) return channel.post(place, texts.fileGone(file.name));
  try {
    const [ref = ''] = await channel.sendFiles(place, [{ ...file, bytes }], { replyTo });
    return ref;
  } catch (error) {
    if (!(error instanceof ChannelFault) || error.kind !== 'refused') throw error;
    return channel.post(place, texts.fileRefused(file.name));
  }
}
