import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { type Language, languages } from '../../amplify/core/language.ts';
import { readPreference, type Theme, themes, writePreference } from '../theme/preference.ts';
import { loadTexts, pickLanguage, type Texts } from './texts.ts';

interface Preferences {
  language: Language;
  /** Whether the language was chosen on this device rather than taken from the browser. */
  languageChosen: boolean;
  theme: Theme;
  t: Texts;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
}

/** A language with its texts. */
interface Spoken {
  language: Language;
  chosen: boolean;
  t: Texts;
}

const PreferencesContext = createContext<Preferences | null>(null);

/** The language of this device with its texts: the one that was chosen here, or else what the browser prefers. */
export async function readLanguage(): Promise<Spoken> {
  const chosen = readPreference('language', languages);
  const language = chosen ?? pickLanguage(navigator.languages);
  return { language, chosen: chosen !== null, t: await loadTexts(language) };
}

/** Holds language and theme of this device and puts them on the document. */
export function PreferencesProvider({ initial, children }: { initial: Spoken; children: ReactNode }) {
  const [spoken, setSpoken] = useState(initial);
  const [theme, setTheme] = useState<Theme>(() => readPreference('theme', themes) ?? 'system');

  useEffect(() => {
    document.documentElement.lang = spoken.language;
  }, [spoken.language]);

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  const value = useMemo<Preferences>(
    () => ({
      language: spoken.language,
      languageChosen: spoken.chosen,
      theme,
      t: spoken.t,
      setLanguage: (language) => {
        writePreference('language', language);
        // Without network the page stays in its language; the choice holds from the next visit.
        loadTexts(language).then(
          (t) => setSpoken({ language, chosen: true, t }),
          () => {},
        );
      },
      setTheme: (next) => {
        writePreference('theme', next);
        setTheme(next);
      },
    }),
    [spoken, theme],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  const value = use(PreferencesContext);
  if (!value) throw new Error('PreferencesProvider is missing.');
  return value;
}

/** The texts of the language that is shown. */
export const useTexts = (): Texts => usePreferences().t;
