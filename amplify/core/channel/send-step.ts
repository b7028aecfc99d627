import type { Channel } from './channel-ports.ts';
import type { DeliverPorts, Held } from './deliver.ts';

/**
 * Sends the parts from `at` on with one call, at the channel's pace, noted before and after: what a crash comes between
 * is sent again, all of it, because nobody knows.
 */
export async function send(
  ports: Pick<DeliverPorts, 'pause'>,
  channel: Channel,
  held: Held,
  at: number,
  count: number,
  work: () => Promise<readonly string[]>,
): Promise<void> {
  if (at > 0) await ports.pause(channel.pace(held.row.place).everyMs);
  const before = held.row.parts.slice(0, at);
  await held.note({ parts: [...before, ...Array.from({ length: count }, () => ({ ref: null }))] });
  const refs = await work();
  await held.note({ parts: [...before, ...refs.map((ref) => ({ ref }))] });
}
