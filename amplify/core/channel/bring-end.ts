import type { Message } from '../message.ts';
import { finalButtons, finalText } from './answer-text.ts';
import { bringFiles } from './bring-files.ts';
import { askOrClose, removeStatus } from './bring-progress.ts';
import type { Button, Channel, Part } from './channel-ports.ts';
import type { DeliverPorts, Held } from './deliver.ts';
import { send } from './send-step.ts';

/**
 * Sends a final message, part by part and then its files, and leaves nothing that was only passing. Gives after
 * how many milliseconds the next call is to go on; 0: everything is brought.
 */
export async function bringEnd(
  ports: DeliverPorts,
  channel: Channel,
  held: Held,
  message: Message,
): Promise<number> {
  const { language, attempt } = held.row;
  const begun = ports.now();
  const parts = channel.split(finalText(message, language));
  for (const [at, part] of parts.entries()) {
    if (held.row.parts[at]?.ref) continue;
    const buttons = at === parts.length - 1 ? finalButtons(message, language) : [];
    await send(ports, channel, held, at, 1, async () => [
      await bringText(channel, held, part, { isFirst: at === 0, buttons }),
    ]);
  }
  const files = message.files.filter(({ deletedAt, missed }) => !deletedAt && !missed);
  const waitMs = await bringFiles(ports, channel, held, { files, from: parts.length, begun });
  if (waitMs > 0) return waitMs;
  await askOrClose(channel, held, { ...message, approval: null });
  await removeStatus(channel, held);
  await held.note({ draft: null, doneAttempt: attempt });
  return 0;
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
