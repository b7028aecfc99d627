import type { Message } from '../message.ts';
import { finalButtons, finalText } from './answer-text.ts';
import { bringFile } from './bring-file.ts';
import { askOrClose, removeStatus } from './bring-progress.ts';
import type { Button, Channel, Part } from './channel-ports.ts';
import type { DeliverPorts, Held } from './deliver.ts';

/** No file is begun later than this, milliseconds: the function that delivers does not live for ever. */
const beginMs = 5_000;

/**
 * Sends a final message, part by part and then file by file, and leaves nothing that was only passing. False: the time
 * is up, and the next call goes on.
 */
export async function bringEnd(
  ports: DeliverPorts,
  channel: Channel,
  held: Held,
  message: Message,
): Promise<boolean> {
  const { place, language, attempt, replyTo } = held.row;
  const parts = channel.split(finalText(message, language));
  const files = message.files.filter(({ deletedAt }) => !deletedAt);
  const last = parts.length - 1;
  const sends = [
    ...parts.map((part, at) => () => {
      const buttons = at === last ? finalButtons(message, language) : [];
      return bringText(channel, held, part, { isFirst: at === 0, buttons });
    }),
    ...files.map((file, at) => () => {
      const isFirst = parts.length === 0 && at === 0;
      return bringFile(ports, channel, held.row, file, isFirst ? replyTo : null);
    }),
  ];
  const begun = ports.now();
  for (const [at, send] of sends.entries()) {
    if (held.row.parts[at]?.ref) continue;
    if (at > 0) await ports.pause(channel.pace(place).everyMs);
    if (at > last && ports.now() - begun > beginMs) return false;
    const before = held.row.parts.slice(0, at);
    await held.note({ parts: [...before, { ref: null }] });
    await held.note({ parts: [...before, { ref: await send() }] });
  }
  await askOrClose(channel, held, { ...message, approval: null });
  await removeStatus(channel, held);
  await held.note({ draft: null, doneAttempt: attempt });
  return true;
}

/** Sends a part. The message that grew becomes the first one: doing that twice is doing it once. Gives its reference. */
async function bringText(
  channel: Channel,
  { row: { place, replyTo, draft } }: Held,
  part: Part,
  { isFirst, buttons }: { isFirst: boolean; buttons: readonly Button[] },
): Promise<string> {
  const isGrown = isFirst && draft && (await channel.editToPart(place, draft.ref, part, buttons));
  return isGrown ? draft.ref : channel.sendPart(place, part, { replyTo: isFirst ? replyTo : null, buttons });
}
