import { count, isObject, type Json, objectOf, type ToldTokens, toldOf } from '../tokens.ts';
import type { ModelFormat } from './format.ts';

/**
 * The prompt's count holds the cached tokens. What differs by provider:
 * OpenAI and Bedrock `prompt_tokens_details.cached_tokens`; DeepSeek `prompt_cache_hit_tokens`;
 * OpenRouter besides `cache_write_tokens` and its own `cost` in US dollars.
 * https://openrouter.ai/docs/use-cases/usage-accounting, https://api-docs.deepseek.com/guides/kv_cache
 */
function tokensOf(usage: Json): ToldTokens {
  const prompt = objectOf(usage.prompt_tokens_details);
  return toldOf({
    prompt: count(usage.prompt_tokens),
    cacheRead: count(prompt.cached_tokens ?? usage.prompt_cache_hit_tokens),
    cacheWrite: count(prompt.cache_write_tokens),
    output: count(usage.completion_tokens),
    reasoning: count(objectOf(usage.completion_tokens_details).reasoning_tokens),
    usd: usage.cost,
  });
}

const isTool = (part: unknown): boolean =>
  isObject(part) && ((Array.isArray(part.tool_calls) && part.tool_calls.length > 0) || !!part.function_call);

/** OpenAI's Chat Completions API, which DeepSeek, OpenRouter, Bedrock, Ollama and others speak. */
export const openaiCompletions: ModelFormat = {
  localPath: '/v1/chat/completions',
  path: '/chat/completions',
  limits: ['max_tokens', 'max_completion_tokens'],
  readEvent(event) {
    const choices = (Array.isArray(event.choices) ? event.choices : []).filter(isObject);
    const parts = choices.flatMap((choice) => [choice.delta, choice.message]);
    return {
      tool: parts.some(isTool),
      finished: choices.some((choice) => Boolean(choice.finish_reason)),
      written: parts,
      text: choices
        .map(({ delta }) => objectOf(delta).content)
        .filter((text) => typeof text === 'string')
        .join(''),
      ...(isObject(event.usage) ? { tokens: tokensOf(event.usage) } : {}),
      ...(event.error ? { error: event.error } : {}),
    };
  },
  readWhole: (answer) => openaiCompletions.readEvent(answer, undefined),
};
