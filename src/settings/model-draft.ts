import { modelPriceOf } from '../../amplify/core/model-price.ts';
import { type Provider, providerApis, type Settings, settings } from '../../amplify/core/settings.ts';

/** The model as the form holds it: texts that may be empty. */
export interface ModelDraft {
  provider: Provider | '';
  model: string;
  baseUrl: string;
  /** US dollars for a million tokens. */
  priceIn: string;
  priceOut: string;
}

export type DraftFault = 'baseUrlNeeded' | 'modelNeeded' | 'priceNeeded';

export const toDraft = ({ provider, model, baseUrl, modelPrice }: Settings): ModelDraft => ({
  provider: provider ?? '',
  model: model ?? '',
  baseUrl: baseUrl ?? '',
  priceIn: modelPrice ? String(modelPrice.input) : '',
  priceOut: modelPrice ? String(modelPrice.output) : '',
});

/** The price as typed; null for none, undefined for what is none. */
export function priceOf({ priceIn, priceOut }: ModelDraft): Settings['modelPrice'] | undefined {
  const texts = [priceIn, priceOut].map((text) => text.trim().replace(',', '.'));
  if (texts.every((text) => text === '')) return null;
  const [input = Number.NaN, output = Number.NaN] = texts.map((text) =>
    text === '' ? Number.NaN : Number(text),
  );
  return input >= 0 && output >= 0 ? { input, output } : undefined;
}

/** What is to be saved, or what is missing. Whatever the form does not show stays as it was. */
export function fromDraft(draft: ModelDraft, saved: Settings): Settings | DraftFault {
  const provider = draft.provider || null;
  const model = provider ? draft.model.trim() || null : null;
  const baseUrl = provider ? draft.baseUrl.trim() || null : null;
  if (provider && !model) return 'modelNeeded';
  if (provider && providerApis[provider].baseUrl === null && !baseUrl) return 'baseUrlNeeded';
  const modelPrice = provider ? priceOf(draft) : null;
  const isPriced = provider && model && modelPriceOf(provider, model, modelPrice ?? null) !== null;
  if (modelPrice === undefined || (provider && !isPriced)) return 'priceNeeded';
  const parsed = settings.safeParse({ ...saved, provider, model, baseUrl, modelPrice });
  return parsed.success ? parsed.data : 'baseUrlNeeded';
}
