import type { Message } from '../message.ts';
import { finalButtons, finalText } from './answer-text.ts';
import { askOrClose, removeStatus } from './bring-progress.ts';
import type { Button, Channel, Part } from './channel-ports.ts';
import type { DeliverPorts, Held } from './deliver.ts';

/** Sends a final message, part by part, and leaves nothing that was only passing. */
export async function bringEnd(
  ports: DeliverPorts,
  channel: Channel,
  held: Held,
  message: Message,
): Promise<void> {
  const { place, language, attempt } = held.row;
  const parts = channel.split(finalText(message, language));
  for (const [at, part] of parts.entries()) {
    if (held.row.parts[at]?.ref) continue;
    if (at > 0) await ports.pause(channel.pace(place).everyMs);
    const buttons = at === parts.length - 1 ? finalButtons(message, language) : [];
    await bringPart(channel, held, at, part, buttons);
  }
  await askOrClose(channel, held, { ...message, approval: null });
  await removeStatus(channel, held);
  await held.note({ draft: null, doneAttempt: attempt });
}

/** Notes a part, sends it, notes that it is sent. */
async function bringPart(
  channel: Channel,
  held: Held,
  at: number,
  part: Part,
  buttons: readonly Button[],
): Promise<void> {
  const { place, replyTo, draft } = held.row;
  const before = held.row.parts.slice(0, at);
  await held.note({ parts: [...before, { ref: null }] });
  // The message that grew becomes the first part: doing that twice is doing it once.
  const isGrown = at === 0 && draft && (await channel.editToPart(place, draft.ref, part, buttons));
  const ref = isGrown
    ? draft.ref
    : await channel.sendPart(place, part, { replyTo: at === 0 ? replyTo : null, buttons });
  await held.note({ parts: [...before, { ref }] });
}
