import { webChannel } from '../message.ts';
import type { MessageKey } from '../message-row.ts';
import type { Clock, SettingsStore } from '../ports.ts';
import type { DeliveryStore, LinkStore, PlaceStore } from './channel-ports.ts';
import { delivery } from './delivery.ts';
import { languageOf } from './owner-language.ts';

export interface PlacePorts {
  places: Pick<PlaceStore, 'ofConversation'>;
  links: Pick<LinkStore, 'ofOwner'>;
  deliveries: Pick<DeliveryStore, 'open'>;
  settings: SettingsStore;
  now: Clock;
}

/**
 * For a message that nobody wrote at a place: where its conversation is the one of a channel's place, and its owner is
 * still linked there, the outbox opens, so that the answer goes there. Gives the channel that the message is then of.
 */
export async function openForConversation(
  ports: PlacePorts,
  key: MessageKey & { owner: string },
): Promise<string> {
  const { owner, conversationId, id } = key;
  const place = await ports.places.ofConversation(owner, conversationId);
  const link = place && (await ports.links.ofOwner(place.channel, owner));
  if (!place || !link?.isActive) return webChannel;
  const language = await languageOf(ports, owner, link);
  const now = ports.now();
  const row = { owner, id, conversationId, place, language, createdAt: now, revision: 0, attempt: 1 };
  await ports.deliveries.open(delivery.parse(row), now);
  return place.channel;
}
