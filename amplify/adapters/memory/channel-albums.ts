import type { AlbumEntry, AlbumStore } from '../../core/channel/channel-ports.ts';
import { placeKey } from '../../core/channel/place.ts';

/** Albums of channels in memory. */
export function memoryAlbums(): AlbumStore {
  const rows = new Map<string, AlbumEntry>();
  return {
    begin: async (place, album, entry) => {
      const key = `${placeKey(place)} ${album}`;
      const known = rows.get(key);
      if (!known) rows.set(key, entry);
      return known ?? entry;
    },
  };
}
