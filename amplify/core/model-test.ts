import * as z from 'zod';
import { errorCodes } from './error.ts';
import type { EnteredPrice, ModelApi, ModelEndpoint, Provider } from './settings.ts';

/** What is tried. */
export interface ModelTrial {
  provider: Provider;
  model: string;
  baseUrl?: string | null | undefined;
  api?: ModelApi | null | undefined;
  price?: EnteredPrice | null | undefined;
}

/** What a trial of a model came to. */
export const modelVerdict = z.object({
  /** null: it answered. */
  code: z.enum(errorCodes).nullable(),
  /** The provider's own words, cut, never with the key. */
  detail: z.string(),
  /** From the request to the whole answer. */
  milliseconds: z.number().int().nonnegative(),
  /** Whether its price is known: without one no message is answered. */
  priced: z.boolean(),
});
export type ModelVerdict = z.infer<typeof modelVerdict>;

/** Where each dialect is asked, below its base URL. */
const paths = {
  'anthropic-messages': '/v1/messages',
  'openai-completions': '/chat/completions',
  'openai-responses': '/responses',
} as const;

/** Enough for a word; reasoning may use it up without one, which is an answer too. */
const answerTokens = 64;
const question = 'Answer with the word OK.';

/** The smallest call that shows whether provider, model and key fit together. */
export function trialCall(
  endpoint: ModelEndpoint,
  model: string,
  key: string | null,
): { url: string; headers: Record<string, string>; body: string } {
  const { api, baseUrl, keyHeader } = endpoint;
  const messages = [{ role: 'user', content: question }];
  const isOpenAi = new URL(baseUrl).hostname === 'api.openai.com';
  const bodies = {
    'anthropic-messages': { model, max_tokens: answerTokens, messages },
    'openai-completions': {
      model,
      [isOpenAi ? 'max_completion_tokens' : 'max_tokens']: answerTokens,
      messages,
    },
    'openai-responses': { model, max_output_tokens: answerTokens, input: question },
  };
  return {
    url: baseUrl.replace(/\/+$/, '') + paths[api],
    headers: {
      'content-type': 'application/json',
      ...(api === 'anthropic-messages' ? { 'anthropic-version': '2023-06-01' } : {}),
      ...(key === null ? {} : { [keyHeader]: keyHeader === 'x-api-key' ? key : `Bearer ${key}` }),
    },
    body: JSON.stringify(bodies[api]),
  };
}

/** Whether an answer is one that the dialect gives, not a login page or another service. */
export function isModelAnswer(text: string): boolean {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    return [value?.choices, value?.content, value?.output].some(Array.isArray);
  } catch {
    return false;
  }
}

/** What a provider says about a call that it refused, without the key; providers differ in where they say it. */
export function wordsOf(text: string, key: string | null): string {
  let words = text;
  try {
    const value = JSON.parse(text) as { error?: { message?: unknown } | string; message?: unknown };
    const error = typeof value.error === 'object' ? value.error?.message : value.error;
    words = String(error ?? value.message ?? text);
  } catch {
    // No JSON: as it is.
  }
  return (key ? words.replaceAll(key, '[key]') : words).replace(/\s+/g, ' ').trim().slice(0, 200);
}
