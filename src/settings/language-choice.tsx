import './language-choice.css';
import { languages } from '../../amplify/core/language.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { languageNames } from '../i18n/texts.ts';

/** A small switch between the languages, each in its own name. */
export function LanguageChoice() {
  const { t, language, setLanguage } = usePreferences();
  return (
    <fieldset className="language-choice">
      <legend className="visually-hidden">{t.settings.language}</legend>
      {languages.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === language}
          onClick={() => setLanguage(each)}
        >
          {languageNames[each]}
        </button>
      ))}
    </fieldset>
  );
}
