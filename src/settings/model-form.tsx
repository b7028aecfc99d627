import { useId, useState } from 'react';
import { modelPriceOf } from '../../amplify/core/model-price.ts';
import {
  type Provider,
  providerApis,
  providers,
  type Settings,
  thinkingLevels,
} from '../../amplify/core/settings.ts';
import { formatSeconds } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import {
  apiOf,
  apisOf,
  type DraftFault,
  fromDraft,
  type ModelDraft,
  priceOf,
  toDraft,
} from './model-draft.ts';
import { PriceFields } from './price-fields.tsx';
import { ProviderKey } from './provider-key.tsx';
import { SettingsForm } from './settings-form.tsx';

interface ModelFormProps {
  settings: Settings;
  isSaving: boolean;
  problem: string | null;
  save(next: Settings): Promise<boolean>;
}

/** What an address looks like where a provider has none of its own. */
const addressExamples: Partial<Record<Provider, string>> = {
  bedrock: 'https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1',
  'openai-compatible': 'https://models.example.com/v1',
};

/** Which model the agent talks to. */
export function ModelForm({ settings, isSaving, problem, save }: ModelFormProps) {
  const { t: texts, language } = usePreferences();
  const t = texts.settings;
  const { api } = useWorkspace();
  const [edited, setEdited] = useState<Partial<ModelDraft>>({});
  const [fault, setFault] = useState<DraftFault | null>(null);
  const id = useId();
  const saved = toDraft(settings);
  const draft: ModelDraft = { ...saved, ...edited };
  const changed = (Object.keys(saved) as (keyof ModelDraft)[]).some((name) => draft[name] !== saved[name]);
  const edit = (change: Partial<ModelDraft>) => {
    setFault(null);
    setEdited((before) => ({ ...before, ...change }));
  };

  const address = draft.provider ? providerApis[draft.provider].baseUrl : null;
  const listed = draft.provider ? modelPriceOf(draft.provider, draft.model.trim(), null) : null;
  const test = async (key: string | null): Promise<string> => {
    const { provider, model } = draft;
    if (!provider || !model.trim()) return t.modelNeeded;
    const baseUrl = draft.baseUrl.trim() || null;
    const trial = {
      provider,
      model: model.trim(),
      baseUrl,
      api: apiOf(draft),
      price: priceOf(draft) ?? null,
    };
    const verdict = await api.testModel(trial, key);
    if (verdict.code === null) {
      const time = formatSeconds(language, verdict.milliseconds);
      return verdict.priced ? t.key.works(time) : `${t.key.works(time)} ${t.priceNeeded}`;
    }
    const { happened, next } = texts.faults[verdict.code];
    return [happened, next, verdict.detail].filter(Boolean).join(' ');
  };

  const onSave = async () => {
    const next = fromDraft(draft, settings);
    if (typeof next === 'string') return setFault(next);
    if (await save(next)) setEdited({});
  };

  return (
    <SettingsForm changed={changed} isSaving={isSaving} problem={problem} onSave={() => void onSave()}>
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
              placeholder={address ?? addressExamples[draft.provider]}
              autoComplete="off"
              aria-invalid={fault === 'baseUrlNeeded' || undefined}
              aria-describedby={`${id}-url-hint`}
              onChange={(event) => edit({ baseUrl: event.target.value })}
            />
            <p className={fault === 'baseUrlNeeded' ? 'field-fault' : 'field-hint'} id={`${id}-url-hint`}>
              {fault === 'baseUrlNeeded' ? t.baseUrlNeeded : address ? t.baseUrlHint : t.baseUrlOwn}
            </p>
          </div>
          {apisOf(draft.provider).length > 0 && (
            <div className="field">
              <label className="field-label" htmlFor={`${id}-api`}>
                {t.api}
              </label>
              <select
                id={`${id}-api`}
                value={draft.api}
                aria-describedby={`${id}-api-hint`}
                onChange={(event) => edit({ api: event.target.value as ModelDraft['api'] })}
              >
                <option value="">{t.apiUsual}</option>
                {apisOf(draft.provider).map((api) => (
                  <option key={api} value={api}>
                    {t.apis[api]}
                  </option>
                ))}
              </select>
              <p className="field-hint" id={`${id}-api-hint`}>
                {t.apiHint}
              </p>
            </div>
          )}
          <PriceFields draft={draft} listed={listed} isMissing={fault === 'priceNeeded'} onEdit={edit} />
          <ProviderKey provider={draft.provider} onTest={test} />
        </>
      )}
      <div className="field">
        <label className="field-label" htmlFor={`${id}-thinking`}>
          {t.thinking}
        </label>
        <select
          id={`${id}-thinking`}
          value={draft.thinking}
          aria-describedby={`${id}-thinking-hint`}
          onChange={(event) => edit({ thinking: event.target.value as ModelDraft['thinking'] })}
        >
          {thinkingLevels.map((level) => (
            <option key={level} value={level}>
              {t.thinkings[level]}
            </option>
          ))}
        </select>
        <p className="field-hint" id={`${id}-thinking-hint`}>
          {t.thinkingHint}
        </p>
      </div>
    </SettingsForm>
  );
}
