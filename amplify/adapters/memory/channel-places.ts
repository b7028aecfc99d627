import type { PlaceEntry, PlaceStore } from '../../core/channel/channel-ports.ts';
import { type Place, placeKey } from '../../core/channel/place.ts';

/** Places of channels in memory. */
export function memoryPlaces(): PlaceStore {
  const rows = new Map<string, PlaceEntry>();
  const places = new Map<string, Place>();
  return {
    get: async (place) => rows.get(placeKey(place)) ?? null,
    ofConversation: async (owner, conversationId) => {
      const [key] =
        [...rows].find(([, row]) => row.owner === owner && row.conversationId === conversationId) ?? [];
      return (key !== undefined && places.get(key)) || null;
    },
    begin: async (place, entry, { gone, isNewer }) => {
      const row = rows.get(placeKey(place));
      const isKept =
        row?.owner === entry.owner && row.conversationId !== gone && !(isNewer && row.since < entry.since);
      if (isKept) return row;
      rows.set(placeKey(place), entry);
      places.set(placeKey(place), place);
      return entry;
    },
    remove: async (place) => void rows.delete(placeKey(place)),
  };
}
