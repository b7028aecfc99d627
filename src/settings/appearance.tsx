import { useId } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { themes } from '../theme/preference.ts';
import { LanguageChoice } from './language-choice.tsx';

/** Language and theme of this device; they change at once. */
export function Appearance() {
  const { t, theme, setTheme } = usePreferences();
  const id = useId();
  return (
    <section className="form-section" aria-labelledby={id}>
      <h3 className="settings-group" id={id}>
        {t.settings.appearance}
      </h3>
      <div className="settings-row">
        <span className="field-label" aria-hidden="true">
          {t.settings.language}
        </span>
        <LanguageChoice />
      </div>
      <div className="settings-row">
        <span className="field-label" aria-hidden="true">
          {t.settings.theme}
        </span>
        <fieldset className="language-choice">
          <legend className="visually-hidden">{t.settings.theme}</legend>
          {themes.map((each) => (
            <button key={each} type="button" aria-pressed={each === theme} onClick={() => setTheme(each)}>
              {t.settings.themes[each]}
            </button>
          ))}
        </fieldset>
      </div>
    </section>
  );
}
