import type { Channel, Channels } from '../core/channel/channel-ports.ts';
import type { Clock, ParameterStore } from '../core/ports.ts';
import { deepLink, openTelegram, readBotProfile } from './telegram/open.ts';

/** What people need to know to link: how the channel is called, and where to go with a code. */
interface ChannelAddress {
  readonly name: string;
  linkWith(code: string): string;
}

interface ChannelEntry {
  open(parameters: ParameterStore): Promise<Channel | null>;
  address(parameters: ParameterStore): Promise<ChannelAddress | null>;
}

/** Every channel beside the web app. A new one is a folder of its own, its webhook, and a line here. */
const entries: ReadonlyMap<string, ChannelEntry> = new Map([
  [
    'telegram',
    {
      open: openTelegram,
      address: async (parameters: ParameterStore) => {
        const bot = await readBotProfile(parameters);
        return bot && { name: `@${bot.username}`, linkWith: (code: string) => deepLink(bot, code) };
      },
    },
  ],
]);

export const channelNames: readonly string[] = [...entries.keys()];

/** A key that an operator changes is used after this, milliseconds. */
const keptMs = 60_000;

/** The channels that are set up; what was found is kept for a minute. */
export function openChannels(parameters: ParameterStore, now: Clock): Channels {
  const kept = new Map<string, { channel: Channel | null; until: number }>();
  return async (name) => {
    const known = kept.get(name);
    if (known && known.until > now()) return known.channel;
    const channel = (await entries.get(name)?.open(parameters)) ?? null;
    kept.set(name, { channel, until: now() + keptMs });
    return channel;
  };
}

/** A channel's address for people; null where it is not set up. */
export const channelAddress = async (
  name: string,
  parameters: ParameterStore,
): Promise<ChannelAddress | null> => (await entries.get(name)?.address(parameters)) ?? null;
