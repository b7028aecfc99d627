import { type FormEvent, useId, useState } from 'react';
import { type Provider, providerApis, providers } from '../../amplify/core/settings.ts';
import type { SavedSettings } from '../api/api.ts';
import { isConflict } from '../api/api-error.ts';
import { formatDuration } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import {
  type DraftFault,
  defaultIdleSeconds,
  fromDraft,
  idleChoices,
  type SettingsDraft,
  toDraft,
} from './settings-draft.ts';

interface AgentSettingsProps {
  saved: SavedSettings;
  /** They were changed elsewhere: read them again. */
  onRead(): Promise<void>;
  onSaved(): void;
}

/** The settings that the agent takes with it when it wakes. */
export function AgentSettings({ saved, onRead, onSaved }: AgentSettingsProps) {
  const { t: texts, language, languageChosen } = usePreferences();
  const t = texts.settings;
  const { api } = useWorkspace();
  const notify = useNotify();
  const [edited, setEdited] = useState<Partial<SettingsDraft>>({});
  const [fault, setFault] = useState<DraftFault | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const id = useId();
  const draft: SettingsDraft = { ...toDraft(saved.settings), ...edited };
  const edit = (change: Partial<SettingsDraft>) => {
    setFault(null);
    setEdited((before) => ({ ...before, ...change }));
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (saving) return;
    const next = fromDraft(draft, saved.settings, languageChosen ? language : saved.settings.language);
    if (typeof next === 'string') return setFault(next);
    setSaving(true);
    setProblem(null);
    try {
      await api.saveSettings(next, saved.revision);
      notify('info', t.saved);
      onSaved();
    } catch (error) {
      if (isConflict(error)) await onRead();
      setSaving(false);
      setProblem(isConflict(error) ? t.changed : faultLine(error, language, texts));
    }
  };

  const minutes = (seconds: number) => formatDuration(language, seconds * 1000);
  const choices = idleChoices.map(String);
  const idle =
    choices.includes(draft.idleSeconds) || !draft.idleSeconds ? choices : [draft.idleSeconds, ...choices];

  return (
    <form className="form" onSubmit={(event) => void save(event)} noValidate>
      <hr className="settings-divider" />
      <h3 className="settings-group">{t.agent}</h3>
      <div className="field">
        <label className="field-label" htmlFor={`${id}-idle`}>
          {t.idle}
        </label>
        <select
          id={`${id}-idle`}
          value={draft.idleSeconds}
          aria-describedby={`${id}-idle-hint`}
          onChange={(event) => edit({ idleSeconds: event.target.value })}
        >
          <option value="">{t.deployment(minutes(defaultIdleSeconds))}</option>
          {idle.map((seconds) => (
            <option key={seconds} value={seconds}>
              {minutes(Number(seconds))}
            </option>
          ))}
        </select>
        <p className="field-hint" id={`${id}-idle-hint`}>
          {t.idleHint}
        </p>
      </div>
      <div className="field">
        <label className="field-label" htmlFor={`${id}-provider`}>
          {t.provider}
        </label>
        <select
          id={`${id}-provider`}
          value={draft.provider}
          onChange={(event) => edit({ provider: event.target.value as Provider | '' })}
        >
          <option value="">{t.deploymentPlain}</option>
          {providers.map((provider) => (
            <option key={provider} value={provider}>
              {t.providers[provider]}
            </option>
          ))}
        </select>
      </div>
      {draft.provider && (
        <>
          <div className="field">
            <label className="field-label" htmlFor={`${id}-model`}>
              {t.modelName}
            </label>
            <input
              id={`${id}-model`}
              value={draft.model}
              maxLength={200}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              aria-invalid={fault === 'modelNeeded' || undefined}
              aria-describedby={`${id}-model-fault`}
              onChange={(event) => edit({ model: event.target.value })}
            />
            <p className="field-fault" id={`${id}-model-fault`} role="alert">
              {fault === 'modelNeeded' && t.modelNeeded}
            </p>
          </div>
          <div className="field">
            <label className="field-label" htmlFor={`${id}-url`}>
              {t.baseUrl}
            </label>
            <input
              id={`${id}-url`}
              type="url"
              value={draft.baseUrl}
              placeholder={providerApis[draft.provider].baseUrl ?? 'http://127.0.0.1:11434/v1'}
              autoComplete="off"
              aria-invalid={fault === 'baseUrlNeeded' || undefined}
              aria-describedby={`${id}-url-hint`}
              onChange={(event) => edit({ baseUrl: event.target.value })}
            />
            <p className={fault === 'baseUrlNeeded' ? 'field-fault' : 'field-hint'} id={`${id}-url-hint`}>
              {fault === 'baseUrlNeeded' ? t.baseUrlNeeded : t.baseUrlHint}
            </p>
          </div>
          <p className="field-hint">{t.keyHint}</p>
        </>
      )}
      <p className="field-hint">{t.next}</p>
      {problem && (
        <p className="field-fault" role="alert">
          {problem}
        </p>
      )}
      <div className="dialog-actions">
        <button type="submit" className="button" data-kind="primary" aria-disabled={saving || undefined}>
          {t.save}
        </button>
      </div>
    </form>
  );
}
