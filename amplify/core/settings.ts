import * as z from 'zod';

/** Providers by the API that they speak. `openai-compatible` needs a base URL (Ollama, vLLM, a proxy…). */
export const providers = ['anthropic', 'openai', 'deepseek', 'openrouter', 'openai-compatible'] as const;
export const provider = z.enum(providers);
export type Provider = z.infer<typeof provider>;

/** Where each provider answers and which of OpenClaw's API dialects it speaks. Keys stay outside. */
export const providerApis: Record<
  Provider,
  { baseUrl: string | null; api: 'anthropic-messages' | 'openai-completions' }
> = {
  anthropic: { baseUrl: 'https://api.anthropic.com', api: 'anthropic-messages' },
  openai: { baseUrl: 'https://api.openai.com/v1', api: 'openai-completions' },
  deepseek: { baseUrl: 'https://api.deepseek.com/v1', api: 'openai-completions' },
  openrouter: { baseUrl: 'https://openrouter.ai/api/v1', api: 'openai-completions' },
  'openai-compatible': { baseUrl: null, api: 'openai-completions' },
};

const httpUrl = z.url({ protocol: /^https?$/ });

/** The deployment's own model, an SSM parameter as JSON (SecureString: it holds the key). */
export const modelDefault = z.object({
  provider,
  model: z.string().min(1).max(200),
  baseUrl: httpUrl.nullish(),
  apiKey: z.string().nullish(),
  /** Shown in the app beside every answer of this model, e.g. that it is a scripted demonstration. */
  notice: z.object({ en: z.string(), ko: z.string() }).nullish(),
  contextWindow: z.number().int().positive().nullish(),
});
export type ModelDefault = z.infer<typeof modelDefault>;

/** Where a model may answer: `any` also on the deployment's own machine or network. */
export const modelReaches = ['public', 'any'] as const;
export type ModelReach = (typeof modelReaches)[number];

export const capacityPolicies = ['spot-only', 'spot-first', 'on-demand'] as const;

export const wakeAheads = ['open', 'typing', 'off'] as const;
/** Where the owner has set none. */
export const defaultWakeAhead = 'open';

/** What a user may set. `null` follows the deployment. */
export const settings = z.object({
  provider: provider.nullish(),
  model: z.string().min(1).max(200).nullish(),
  baseUrl: httpUrl.nullish(),
  /** Quiet time after which the agent leaves, seconds. */
  idleSeconds: z.number().int().min(5).max(3600).nullish(),
  capacity: z.enum(capacityPolicies).nullish(),
  language: z.enum(['en', 'ko']).nullish(),
  /** When the agent may be woken before a message: `open` also when a page is opened, `typing` at the first key only. */
  wakeAhead: z.enum(wakeAheads).nullish(),
});
export type Settings = z.infer<typeof settings>;

/** Chosen so that a short pause between messages does not cost a new wake. */
export const defaultIdleSeconds = 600;

/** Quiet time after which an agent leaves that was woken ahead of a message that did not come, seconds. */
export const unusedIdleSeconds = 120;
