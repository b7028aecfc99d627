import type { Channel } from '../../core/channel/channel-ports.ts';
import type { ParameterStore } from '../../core/ports.ts';
import { telegramChannel } from './channel.ts';
import {
  type BotProfile,
  botAccess,
  botProfile,
  telegramApi,
  telegramParameters,
  uploadSeconds,
} from './client.ts';

/** The channel with the bot's token; null where none is set up. */
export async function openTelegram(parameters: ParameterStore): Promise<Channel | null> {
  const access = await parameters.get(telegramParameters.bot);
  if (access === null) return null;
  const bot = botAccess.parse(JSON.parse(access));
  return telegramChannel(telegramApi(bot), telegramApi(bot, uploadSeconds));
}

/** What people may know of the bot; null where none is set up. */
export async function readBotProfile(parameters: ParameterStore): Promise<BotProfile | null> {
  const profile = await parameters.get(telegramParameters.profile);
  return profile === null ? null : botProfile.parse(JSON.parse(profile));
}

/** Where a person goes to link with a code. */
export const deepLink = ({ username, linkRoot }: BotProfile, code: string): string =>
  `${linkRoot}/${username}?start=${code}`;
