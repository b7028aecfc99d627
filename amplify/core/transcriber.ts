import type { ModelPrice } from './model-price.ts';
import type { ModelDefault, ModelEndpoint, Provider } from './settings.ts';

/** A model that writes voice down. */
export interface Transcriber {
  readonly model: string;
  /** How it is asked: OpenAI's API takes a form, OpenRouter's JSON. Both at `/audio/transcriptions`. */
  readonly dialect: 'openai' | 'openrouter';
  readonly price: ModelPrice;
  /** The most that one call can use, tokens. */
  readonly most: { readonly input: number; readonly output: number };
}

/** OpenAI's models for it have this context and write this much at most, tokens: by that the worst case is told, not by time. */
const most = { input: 16_000, output: 2_000 };

const priceOf = (input: number, output: number, known?: Pick<ModelPrice, 'asOf' | 'source'>): ModelPrice => ({
  ...{ input, output, cacheRead: input, cacheWrite: input, cacheWriteLong: input },
  ...known,
});

/**
 * The model's own page names 1.25 for its input, others who read OpenAI's price list name 3 for what is heard and 1.25
 * for what is read beside it: the dearer one is counted.
 */
const miniPrice = priceOf(3, 5, {
  asOf: '2026-11-26',
  source: 'https://developers.openai.com/api/docs/models/gpt-4o-mini-transcribe',
});

const known: Partial<Record<Provider, Omit<Transcriber, 'most'>>> = {
  openai: { model: 'gpt-4o-mini-transcribe', dialect: 'openai', price: miniPrice },
  openrouter: { model: 'openai/gpt-4o-mini-transcribe', dialect: 'openrouter', price: miniPrice },
};

/** Who writes voice down for a provider's key; null where it has no model for that, or is reached by another API. */
export function transcriberOf(
  { api }: Pick<ModelEndpoint, 'api'>,
  provider: Provider,
  own?: ModelDefault['transcriber'],
): Transcriber | null {
  if (api === 'anthropic-messages') return null;
  if (own) {
    return {
      ...{ model: own.model, dialect: 'openai', most },
      price: priceOf(own.price.input, own.price.output),
    };
  }
  const found = known[provider];
  return found ? { ...found, most } : null;
}
