import './settings-dialog.css';
import { useCallback, useEffect, useId, useState } from 'react';
import type { SavedSettings } from '../api/api.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { themes } from '../theme/preference.ts';
import { AgentSettings } from './agent-settings.tsx';
import { LanguageChoice } from './language-choice.tsx';

/** What can be set: the look of this device at once, the agent's settings by saving. */
export function SettingsDialog({ onClose }: { onClose(): void }) {
  const { t, theme, setTheme } = usePreferences();
  const { api } = useWorkspace();
  const changes = useChat((state) => state.settingsTick);
  const [saved, setSaved] = useState<SavedSettings | 'failed' | null>(null);
  const themeId = useId();

  const read = useCallback(
    () => api.getSettings().then(setSaved, () => setSaved((before) => before ?? 'failed')),
    [api],
  );
  // Read again when another page saved them.
  useEffect(() => void read(), [read, changes]);

  return (
    <Dialog title={t.settings.title} onClose={onClose}>
      <section className="form-section" aria-labelledby={`${themeId}-look`}>
        <h3 className="settings-group" id={`${themeId}-look`}>
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
      {saved === 'failed' && (
        <div className="settings-failed">
          <p>{t.settings.failed}</p>
          <button type="button" className="button" data-size="small" onClick={() => void read()}>
            {t.chat.again}
          </button>
        </div>
      )}
      {saved && saved !== 'failed' && <AgentSettings saved={saved} onRead={read} onSaved={onClose} />}
    </Dialog>
  );
}
