import type { LanguageCode } from 'grammy/types';
import { channelCommands, channelTexts } from '../../core/channel/channel-text.ts';
import type { Language } from '../../core/language.ts';
import { type BotAccess, calling, telegramApi } from './client.ts';
import { allowedUpdates } from './read-update.ts';
import { telegramTitles } from './titles.ts';

/** Telegram's language codes; '' is for everybody whose language the bot does not speak. */
const languages: readonly { code?: LanguageCode; language: Language }[] = [
  { language: 'en' },
  { code: 'ko', language: 'ko' },
];

/** Who the token belongs to. Throws a ChannelFault for a token that Telegram does not know. */
export async function whoIs(access: BotAccess): Promise<{ id: number; username: string }> {
  const { id, username } = await calling(() => telegramApi(access).getMe());
  return { id, username };
}

/** Has Telegram send updates to the address, with the secret. What waits there is kept. */
export async function setWebhook(access: BotAccess, url: string, secret: string): Promise<void> {
  await calling(() =>
    telegramApi(access).setWebhook(url, {
      secret_token: secret,
      allowed_updates: allowedUpdates,
      max_connections: 20,
    }),
  );
}

/** Tells Telegram the commands and what the bot is, in each language. */
export async function describeBot(access: BotAccess): Promise<void> {
  const api = telegramApi(access);
  for (const { code, language } of languages) {
    const texts = channelTexts[language];
    const inLanguage = code ? { language_code: code } : {};
    const commands = channelCommands.map((command) => ({ command, description: texts.commands[command] }));
    await calling(() => api.setMyCommands(commands, inLanguage));
    await calling(() => api.setMyDescription(texts.description(telegramTitles[language]), inLanguage));
    await calling(() => api.setMyShortDescription(texts.shortDescription, inLanguage));
  }
}

/** How the webhook is doing, as Telegram sees it. */
export async function webhookState(
  access: BotAccess,
): Promise<{ url: string; waiting: number; lastError: string | undefined }> {
  const info = await calling(() => telegramApi(access).getWebhookInfo());
  return { url: info.url ?? '', waiting: info.pending_update_count, lastError: info.last_error_message };
}

export async function removeWebhook(access: BotAccess): Promise<void> {
  await calling(() => telegramApi(access).deleteWebhook());
}
