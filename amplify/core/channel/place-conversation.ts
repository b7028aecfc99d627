import type { PlaceEntry } from './channel-ports.ts';
import type { ChannelUpdate } from './channel-update.ts';
import type { ChannelUpdatePorts } from './channel-update-ports.ts';
import { idOfUpdate } from './update-id.ts';

type Ports = Pick<ChannelUpdatePorts, 'places' | 'conversations' | 'now'>;
type Beginning = Pick<Extract<ChannelUpdate, { kind: 'message' }>, 'place' | 'sequence' | 'sentAt'>;

/** A conversation that began less than this ago may still be on its way to its row, milliseconds. */
const beginningMs = 60_000;

/** The conversation of a place: the one that it wrote in last; where that is gone, a new one. null: not let in there. */
export async function conversationAt(ports: Ports, update: Beginning, owner: string): Promise<string | null> {
  const known = await ports.places.get(update.place);
  if (known?.owner !== owner) {
    return update.place.isPrivate
      ? beginConversation(ports, update, owner, { gone: null, isNewer: false })
      : null;
  }
  const { conversationId } = known;
  if (await ports.conversations.get(owner, conversationId)) return conversationId;
  if (ports.now() - known.at < beginningMs) return makeRow(ports, known);
  return beginConversation(ports, update, owner, { gone: conversationId, isNewer: false });
}

/** Begins a conversation at a place; the same update again, also late, begins nothing else. Gives the one that stands there. */
export async function beginConversation(
  ports: Ports,
  update: Beginning,
  owner: string,
  over: { gone: string | null; isNewer: boolean },
): Promise<string> {
  const conversationId = idOfUpdate(`${update.place.channel} conversation`, update);
  const entry = { owner, conversationId, since: update.sequence, at: ports.now() };
  return makeRow(ports, await ports.places.begin(update.place, entry, over));
}

async function makeRow(ports: Ports, { owner, conversationId, at }: PlaceEntry): Promise<string> {
  const createdAt = new Date(at).toISOString();
  await ports.conversations.create(owner, { id: conversationId, title: '', createdAt, activeAt: createdAt });
  return conversationId;
}
