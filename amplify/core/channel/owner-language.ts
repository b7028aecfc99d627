import type { Language } from '../language.ts';
import type { SettingsStore } from '../ports.ts';

/** The language in which an owner is spoken to: the one that they chose, else that of their app on the channel. */
export const languageOf = async (
  ports: { settings: SettingsStore },
  owner: string,
  { language }: { language: Language },
): Promise<Language> => (await ports.settings.get(owner)).language ?? language;
