import { modelPriceOf } from '../../amplify/core/model-price.ts';
import {
  type ModelApi,
  type Provider,
  providerApis,
  type Settings,
  settings,
  type ThinkingLevel,
} from '../../amplify/core/settings.ts';

/** A price as it is typed: US dollars for a million tokens, texts that may be empty. */
export interface PriceDraft {
  priceIn: string;
  priceOut: string;
}

/** The model as the form holds it: texts that may be empty. */
export interface ModelDraft extends PriceDraft {
  provider: Provider | '';
  model: string;
  baseUrl: string;
  thinking: ThinkingLevel;
  /** Empty for the usual one. */
  api: ModelApi | '';
}

/** The dialects that there is a choice of: servers that call themselves OpenAI-compatible know one, or both. */
export const apisOf = (provider: Provider | ''): readonly ModelApi[] =>
  provider === 'openai' || provider === 'openai-compatible' ? ['openai-completions', 'openai-responses'] : [];

/** The chosen dialect, where its provider has a choice. */
export const apiOf = ({ provider, api }: ModelDraft): ModelApi | null =>
  apisOf(provider).find((each) => each === api) ?? null;

export type DraftFault = 'baseUrlNeeded' | 'modelNeeded' | 'priceNeeded';

export const toDraft = ({ provider, model, baseUrl, api, thinking, modelPrice }: Settings): ModelDraft => ({
  provider: provider ?? '',
  model: model ?? '',
  baseUrl: baseUrl ?? '',
  thinking: thinking ?? 'off',
  api: api ?? '',
  priceIn: modelPrice ? String(modelPrice.input) : '',
  priceOut: modelPrice ? String(modelPrice.output) : '',
});

/** The price as typed; null for none, undefined for what is none. */
export function priceOf({ priceIn, priceOut }: PriceDraft): Settings['modelPrice'] | undefined {
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
  const thinking = draft.thinking === 'off' ? null : draft.thinking;
  const parsed = settings.safeParse({
    ...saved,
    ...{ provider, model, baseUrl, api: apiOf(draft), thinking, modelPrice },
  });
  return parsed.success ? parsed.data : 'baseUrlNeeded';
}
