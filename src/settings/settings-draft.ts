import { defaultIdleSeconds, type Provider, type Settings, settings } from '../../amplify/core/settings.ts';

/** The settings as the form holds them: texts that may be empty. */
export interface SettingsDraft {
  provider: Provider | '';
  model: string;
  baseUrl: string;
  /** Seconds; empty follows the deployment. */
  idleSeconds: string;
}

export type DraftFault = 'baseUrlNeeded' | 'modelNeeded';

/** Choices of the idle time, seconds. */
export const idleChoices = [60, 300, 600, 1200, 1800, 3600];

export { defaultIdleSeconds };

export const toDraft = ({ provider, model, baseUrl, idleSeconds }: Settings): SettingsDraft => ({
  provider: provider ?? '',
  model: model ?? '',
  baseUrl: baseUrl ?? '',
  idleSeconds: idleSeconds ? String(idleSeconds) : '',
});

/** What is to be saved, or what is missing. Whatever the form does not show stays as it was. */
export function fromDraft(
  draft: SettingsDraft,
  saved: Settings,
  language: Settings['language'],
): Settings | DraftFault {
  const provider = draft.provider || null;
  const model = provider ? draft.model.trim() || null : null;
  const baseUrl = provider ? draft.baseUrl.trim() || null : null;
  const next = {
    ...saved,
    provider,
    model,
    baseUrl,
    idleSeconds: Number(draft.idleSeconds) || null,
    language,
  };
  if (provider && !model) return 'modelNeeded';
  if (provider === 'openai-compatible' && !baseUrl) return 'baseUrlNeeded';
  const parsed = settings.safeParse(next);
  if (parsed.success) return parsed.data;
  return 'baseUrlNeeded';
}
