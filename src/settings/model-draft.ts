import { type Provider, type Settings, settings } from '../../amplify/core/settings.ts';

/** The model as the form holds it: texts that may be empty. */
export interface ModelDraft {
  provider: Provider | '';
  model: string;
  baseUrl: string;
}

export type DraftFault = 'baseUrlNeeded' | 'modelNeeded';

export const toDraft = ({ provider, model, baseUrl }: Settings): ModelDraft => ({
  provider: provider ?? '',
  model: model ?? '',
  baseUrl: baseUrl ?? '',
});

/** What is to be saved, or what is missing. Whatever the form does not show stays as it was. */
export function fromDraft(draft: ModelDraft, saved: Settings): Settings | DraftFault {
  const provider = draft.provider || null;
  const model = provider ? draft.model.trim() || null : null;
  const baseUrl = provider ? draft.baseUrl.trim() || null : null;
  if (provider && !model) return 'modelNeeded';
  if (provider === 'openai-compatible' && !baseUrl) return 'baseUrlNeeded';
  const parsed = settings.safeParse({ ...saved, provider, model, baseUrl });
  return parsed.success ? parsed.data : 'baseUrlNeeded';
}
