import { useId, useState } from 'react';
import { defaultIdleSeconds, type Settings } from '../../amplify/core/settings.ts';
import { formatDuration } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { SettingsForm } from './settings-form.tsx';

/** Choices of the idle time, seconds. */
const choices = [60, 300, 600, 1200, 1800, 3600];

interface IdleFormProps {
  settings: Settings;
  isSaving: boolean;
  problem: string | null;
  save(next: Settings): Promise<boolean>;
}

/** After how much quiet the agent leaves. Takes along the language that was chosen on this device. */
export function IdleForm({ settings, isSaving, problem, save }: IdleFormProps) {
  const { t: texts, language, languageChosen } = usePreferences();
  const t = texts.settings;
  const id = useId();
  const [edited, setEdited] = useState<string | null>(null);
  const savedValue = settings.idleSeconds ? String(settings.idleSeconds) : '';
  const value = edited ?? savedValue;
  const minutes = (seconds: number) => formatDuration(language, seconds * 1000);
  const offered = value && !choices.map(String).includes(value) ? [Number(value), ...choices] : choices;

  const onSave = async () => {
    const idleSeconds = Number(value) || null;
    const next = { ...settings, idleSeconds, language: languageChosen ? language : settings.language };
    if (await save(next)) setEdited(null);
  };

  return (
    <SettingsForm
      changed={value !== savedValue}
      isSaving={isSaving}
      problem={problem}
      onSave={() => void onSave()}
    >
      <div className="field">
        <label className="field-label" htmlFor={id}>
          {t.idle}
        </label>
        <select
          id={id}
          value={value}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setEdited(event.target.value)}
        >
          <option value="">{t.deployment(minutes(defaultIdleSeconds))}</option>
          {offered.map((seconds) => (
            <option key={seconds} value={seconds}>
              {minutes(seconds)}
            </option>
          ))}
        </select>
        <p className="field-hint" id={`${id}-hint`}>
          {t.idleHint}
        </p>
      </div>
    </SettingsForm>
  );
}
