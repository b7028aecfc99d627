import type { Language } from '../../core/language.ts';

/** How people call the channel, and its section in the settings of the web app. */
export const telegramTitles: Readonly<Record<Language, string>> = { en: 'Telegram', ko: '텔레그램' };
