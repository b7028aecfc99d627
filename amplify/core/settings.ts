import * as z from 'zod';
import { languages } from './language.ts';
import { taskSizeName } from './task-size.ts';

/**
 * Providers by the API that they speak. `bedrock` is reached by its API key and needs its region's address;
 * `openai-compatible` needs a base URL (Ollama, vLLM, a proxy…).
 */
export const providers = [
  'anthropic',
  'openai',
  'deepseek',
  'openrouter',
  'bedrock',
  'openai-compatible',
] as const;
export const provider = z.enum(providers);
export type Provider = z.infer<typeof provider>;

/** OpenClaw's names of the API dialects that the model proxy passes on. */
export const modelApis = ['anthropic-messages', 'openai-completions', 'openai-responses'] as const;
export type ModelApi = (typeof modelApis)[number];

/** Where each provider answers and which dialect it speaks, unless something else is said. Keys stay outside. */
export const providerApis: Record<Provider, { baseUrl: string | null; api: ModelApi }> = {
  anthropic: { baseUrl: 'https://api.anthropic.com', api: 'anthropic-messages' },
  openai: { baseUrl: 'https://api.openai.com/v1', api: 'openai-completions' },
  deepseek: { baseUrl: 'https://api.deepseek.com/v1', api: 'openai-completions' },
  openrouter: { baseUrl: 'https://openrouter.ai/api/v1', api: 'openai-completions' },
  bedrock: { baseUrl: null, api: 'openai-completions' },
  'openai-compatible': { baseUrl: null, api: 'openai-completions' },
};

/** How a model is called: dialect, address, and the header that carries the key. */
export interface ModelEndpoint {
  readonly api: ModelApi;
  readonly baseUrl: string;
  readonly keyHeader: 'authorization' | 'x-api-key';
}

/**
 * Null where an address is needed and none is given. An address that ends in `/anthropic` speaks Anthropic's dialect
 * (Bedrock and DeepSeek have such ones).
 */
export function endpointOf(chosen: {
  provider: Provider;
  baseUrl?: string | null | undefined;
  api?: ModelApi | null | undefined;
}): ModelEndpoint | null {
  const standard = providerApis[chosen.provider];
  const baseUrl = chosen.baseUrl ?? standard.baseUrl;
  if (!baseUrl) return null;
  const isAnthropic = /[/]anthropic[/]?$/.test(baseUrl);
  const api = chosen.api ?? (isAnthropic ? 'anthropic-messages' : standard.api);
  const bearer = chosen.provider === 'bedrock' || api !== 'anthropic-messages';
  return { api, baseUrl, keyHeader: bearer ? 'authorization' : 'x-api-key' };
}

/** A price for a model that model-price.ts lists none for, US dollars for a million tokens. */
const rate = z.number().nonnegative().max(10_000);
export const enteredPrice = z.object({
  input: rate,
  output: rate,
  /** As input, where absent. */
  cacheRead: rate.nullish(),
  cacheWrite: rate.nullish(),
});
export type EnteredPrice = z.infer<typeof enteredPrice>;

const httpUrl = z.url({ protocol: /^https?$/ });

/** The deployment's own model, an SSM parameter as JSON (SecureString: it holds the key). */
export const modelDefault = z.object({
  provider,
  model: z.string().min(1).max(200),
  baseUrl: httpUrl.nullish(),
  api: z.enum(modelApis).nullish(),
  apiKey: z.string().nullish(),
  /** Shown in the app beside every answer of this model, e.g. that it is a scripted demonstration. */
  notice: z.object({ en: z.string(), ko: z.string() }).nullish(),
  contextWindow: z.number().int().positive().nullish(),
  /** Needed where model-price.ts lists none. */
  price: enteredPrice.nullish(),
  /** Writes voice messages down, by OpenAI's API at the same address; needed where transcriber.ts knows none. */
  transcriber: z.object({ model: z.string().min(1).max(200), price: enteredPrice }).nullish(),
});
export type ModelDefault = z.infer<typeof modelDefault>;

/** Where a model may answer: `any` also on the deployment's own machine or network. */
export const modelReaches = ['public', 'any'] as const;
export type ModelReach = (typeof modelReaches)[number];

/** How much a model is asked to think before it answers. Costs tokens that are written; OpenClaw's names. */
export const thinkingLevels = ['off', 'low', 'medium', 'high'] as const;
export type ThinkingLevel = (typeof thinkingLevels)[number];

export const capacityPolicies = ['spot-only', 'spot-first', 'on-demand'] as const;

export const wakeAheads = ['open', 'typing', 'off'] as const;
/** Where the owner has set none. */
export const defaultWakeAhead = 'open';
/** An amount of money, US cents. */
export const cents = z.number().int().nonnegative().max(10_000_000);

/** What a user may set. `null` follows the deployment. */
export const settings = z.object({
  provider: provider.nullish(),
  model: z.string().min(1).max(200).nullish(),
  baseUrl: httpUrl.nullish(),
  /** Where a provider speaks more than one dialect. */
  api: z.enum(modelApis).nullish(),
  /** `off` where it is not set: models that don't know it refuse the others. */
  thinking: z.enum(thinkingLevels).nullish(),
  /** Quiet time after which the agent leaves, seconds. */
  idleSeconds: z.number().int().min(5).max(3600).nullish(),
  capacity: z.enum(capacityPolicies).nullish(),
  /** Of the owner's tasks. Counts while the deployment offers it (task-size.ts). */
  taskSize: taskSizeName.nullish(),
  language: z.enum(languages).nullish(),
  /** When the agent may be woken before a message: `open` also when a page is opened, `typing` at the first key only. */
  wakeAhead: z.enum(wakeAheads).nullish(),
  /** For a model that model-price.ts lists none for. */
  modelPrice: enteredPrice.nullish(),
  /** The owner's own caps, US cents. They count where they are lower than the deployment's. */
  dayCapCents: cents.nullish(),
  monthCapCents: cents.nullish(),
  /** The owner's kill switch: no model call and no task from now on. */
  spendingStopped: z.boolean().nullish(),
});
export type Settings = z.infer<typeof settings>;

/** A row of settings, with what no user sets. */
export const storedSettings = settings.extend({
  /** Since when all that the owner has is being erased (core/erasure.ts). */
  erasingSince: z.iso.datetime().nullish(),
});
export type StoredSettings = z.infer<typeof storedSettings>;

/** Chosen so that a short pause between messages does not cost a new wake. */
export const defaultIdleSeconds = 600;

/** Quiet time after which an agent leaves that was woken ahead of a message that did not come, seconds. */
export const unusedIdleSeconds = 120;
