import type { Language } from '../language.ts';
import type { FileFetcher } from '../ports.ts';
import type { AcceptPorts } from '../use-cases/accept-message.ts';
import type { AlbumStore, DeliveryStore, PlaceStore } from './channel-ports.ts';
import type { CodePorts } from './link-codes.ts';

/** What taking an update of a channel needs. */
export interface ChannelUpdatePorts extends AcceptPorts, Omit<CodePorts, 'randomCode'> {
  /** How people call the channel. */
  titles: Readonly<Record<Language, string>>;
  places: PlaceStore;
  albums: AlbumStore;
  deliveries: DeliveryStore;
  fetcher: FileFetcher;
}
