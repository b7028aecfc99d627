import type { WakePhase } from '../agent.ts';
import { isFinal } from '../message.ts';
import type { MessageKey, StoredMessage } from '../message-row.ts';
import type { Clock, FileBytes, LeaseStore, Log, MessageStore, OwnerHash } from '../ports.ts';
import { bringEnd } from './bring-end.ts';
import { bringProgress } from './bring-progress.ts';
import {
  type Channel,
  ChannelFault,
  type Channels,
  type DeliveryStore,
  type LinkStore,
} from './channel-ports.ts';
import type { DeliverResult } from './deliver-result.ts';
import { anew, type Delivery, giveUpMs, holdMs } from './delivery.ts';

export interface DeliverPorts {
  channels: Channels;
  deliveries: DeliveryStore;
  links: Pick<LinkStore, 'ofOwner' | 'setActive'>;
  messages: Pick<MessageStore, 'get'>;
  leases: Pick<LeaseStore, 'get'>;
  bytes: Pick<FileBytes, 'read'>;
  now: Clock;
  /** Waits so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  log: Log;
  ownerHash: OwnerHash;
}

const done: DeliverResult = { state: 'done', paceMs: 0, againMs: 0 };
const later = (ms: number): DeliverResult => ({ state: 'waits', paceMs: ms, againMs: ms });

/** After a call that was not answered, milliseconds. */
const retryMs = 3_000;
/** While somebody else is at it, milliseconds. */
const busyMs = 1_000;

/** An asynchronous call that has to wait for its turn goes on for this long, milliseconds. */
const patienceMs = 15_000;

/** A row that this call holds: each step is noted through it. Throws Superseded when somebody else took it over. */
export class Held {
  readonly #store: DeliveryStore;
  readonly #now: Clock;
  row: Delivery;
  constructor(store: DeliveryStore, now: Clock, row: Delivery) {
    this.#store = store;
    this.#now = now;
    this.row = row;
  }
  async note(change: Partial<Delivery>): Promise<void> {
    const saved = await this.#store.save({ ...this.row, ...change }, this.#now());
    if (!saved) throw new Superseded();
    this.row = saved;
  }
}
class Superseded extends Error {}

/**
 * Brings a message to the channel by which it came, as far as it is: a status while the agent wakes, the answer as it
 * grows, and its end in parts, each noted before and after. Whoever calls, how often, and whatever crashes in between:
 * no part that is noted as sent is sent again. A part that was sent when the crash came is sent twice, if the
 * channel gives no way to know.
 */
export async function deliver(
  ports: DeliverPorts,
  { owner, ...key }: MessageKey & { owner: string },
  phase?: WakePhase,
): Promise<DeliverResult> {
  const row = await ports.deliveries.get(owner, key.id);
  if (!row) return done;
  const message = await ports.messages.get(owner, key);
  const now = ports.now();
  if (row.doneAttempt >= (message?.attempt ?? row.attempt)) return done;
  if (row.heldUntil > now) return later(busyMs);
  if (row.notBefore > now) return later(row.notBefore - now);
  const channel = await ports.channels(row.place.channel);
  // Without its key the channel is off: what waits is left to the web app.
  const isOver = !channel || now - row.createdAt > giveUpMs;
  const begun = message && message.attempt > row.attempt ? anew(row, message.attempt) : row;
  const taken = await ports.deliveries.save({ ...begun, heldUntil: now + holdMs }, now);
  if (!taken) return later(busyMs);
  const held = new Held(ports.deliveries, ports.now, taken);
  if (isOver) {
    await held.note({ heldUntil: 0, doneAttempt: taken.attempt });
    return done;
  }
  try {
    const next = await bring(ports, channel, held, message, phase);
    await held.note({ heldUntil: 0, notBefore: ports.now() + next.paceMs });
    return next;
  } catch (error) {
    if (error instanceof Superseded) return later(busyMs);
    return afterFault(ports, held, error);
  }
}

/** The same for a caller who does not come back: what has to wait for a moment is waited for. */
export async function deliverSoon(
  ports: DeliverPorts,
  key: MessageKey & { owner: string },
): Promise<DeliverResult> {
  const until = ports.now() + patienceMs;
  for (;;) {
    const result = await deliver(ports, key);
    if (result.state !== 'waits' || ports.now() + result.paceMs > until) return result;
    await ports.pause(result.paceMs);
  }
}

async function bring(
  ports: DeliverPorts,
  channel: Channel,
  held: Held,
  message: StoredMessage | null,
  phase: WakePhase | undefined,
): Promise<DeliverResult> {
  if (!message) {
    // Deleted: nothing of it stays to be seen.
    if (held.row.status) await channel.remove(held.row.place, held.row.status.ref);
    await held.note({ status: null, doneAttempt: held.row.attempt });
    return done;
  }
  if (!isFinal(message.status)) return bringProgress(ports, channel, held, message, phase);
  const waitMs = await bringEnd(ports, channel, held, message);
  return waitMs > 0 ? later(waitMs) : done;
}

/** Notes what a fault means for the rest. Anything but a channel's fault is ours, and thrown on. */
async function afterFault(ports: DeliverPorts, held: Held, error: unknown): Promise<DeliverResult> {
  const { owner, id, place, attempt } = held.row;
  const isFault = error instanceof ChannelFault;
  const kind = isFault ? error.kind : 'ours';
  ports.log({
    level: kind === 'busy' ? 'info' : 'warn',
    what: 'delivery-fault',
    owner: ports.ownerHash(owner),
    messageId: id,
    channel: place.channel,
    kind,
    error: error instanceof Error ? error.message : String(error),
  });
  if (kind === 'closed' && place.isPrivate) {
    const link = await ports.links.ofOwner(place.channel, owner);
    if (link) await ports.links.setActive(place.channel, link.userId, false);
  }
  if (kind === 'closed' || kind === 'refused') {
    await held.note({ heldUntil: 0, doneAttempt: attempt });
    return done;
  }
  const waitMs = isFault && error.kind === 'busy' ? error.retryAfterMs : retryMs;
  await held.note({ heldUntil: 0, notBefore: ports.now() + waitMs });
  if (!isFault) throw error;
  return later(waitMs);
}
