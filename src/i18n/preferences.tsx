import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { readPreference, type Theme, themes, writePreference } from '../theme/preference.ts';
import { type Language, languages, pickLanguage, type Texts, texts } from './texts.ts';

interface Preferences {
  language: Language;
  /** Whether the language was chosen on this device rather than taken from the browser. */
  languageChosen: boolean;
  theme: Theme;
  t: Texts;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
}

const PreferencesContext = createContext<Preferences | null>(null);

/** Holds language and theme of this device and puts them on the document. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => readPreference('language', languages));
  const [theme, setTheme] = useState<Theme>(() => readPreference('theme', themes) ?? 'system');
  const language = chosen ?? pickLanguage(navigator.languages);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  const value = useMemo<Preferences>(
    () => ({
      language,
      languageChosen: chosen !== null,
      theme,
      t: texts[language],
      setLanguage: (next) => {
        writePreference('language', next);
        setChosen(next);
      },
      setTheme: (next) => {
        writePreference('theme', next);
        setTheme(next);
      },
    }),
    [language, chosen, theme],
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
