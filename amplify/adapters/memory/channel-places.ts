import type { PlaceEntry, PlaceStore } from '../../core/channel/channel-ports.ts';
import { placeKey } from '../../core/channel/place.ts';

/** Places of channels in memory. */
export function memoryPlaces(): PlaceStore {
  const rows = new Map<string, PlaceEntry>();
  return {
    get: async (place) => rows.get(placeKey(place)) ?? null,
    begin: async (place, entry, { gone, isNewer }) => {
      const row = rows.get(placeKey(place));
      const isKept =
        row?.owner === entry.owner && row.conversationId !== gone && !(isNewer && row.since < entry.since);
      if (isKept) return row;
      rows.set(placeKey(place), entry);
      return entry;
    },
    remove: async (place) => void rows.delete(placeKey(place)),
  };
}
