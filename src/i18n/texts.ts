import { type Language, languages } from '../../amplify/core/language.ts';
import type { en } from './en.ts';

/** The same tree with any texts in it: arguments of a text stay as they are. */
export type Widen<T> = T extends (...args: infer Args) => string
  ? (...args: Args) => string
  : T extends string
    ? string
    : { [Key in keyof T]: Widen<T[Key]> };

export type Texts = Widen<typeof en>;

/** Each language by its own name. */
export const languageNames: Record<Language, string> = { en: 'English', ko: '한국어' };

/** Fetches the texts of a language; the other one stays where it is. */
export const loadTexts = (language: Language): Promise<Texts> =>
  language === 'ko' ? import('./ko.ts').then(({ ko }) => ko) : import('./en.ts').then(({ en }) => en);

/** The language that fits best, by what the browser prefers. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}
