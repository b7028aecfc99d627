import { count, isObject, type Json, objectOf, type ToldTokens, toldOf } from '../tokens.ts';
import type { ModelFormat, Reading } from './format.ts';

function tokensOf(usage: Json): ToldTokens {
  const input = objectOf(usage.input_tokens_details);
  return toldOf({
    prompt: count(usage.input_tokens),
    cacheRead: count(input.cached_tokens),
    cacheWrite: count(input.cache_write_tokens),
    output: count(usage.output_tokens),
    reasoning: count(objectOf(usage.output_tokens_details).reasoning_tokens),
    usd: usage.cost,
  });
}

/** Everything that the model wants done, as opposed to said: `function_call`, `custom_tool_call`, `shell_call`… */
const isTool = (item: unknown): boolean => isObject(item) && /_call$/.test(String(item.type));

const readWhole = (answer: Json): Reading => ({
  tool: Array.isArray(answer.output) && answer.output.some(isTool),
  written: answer.output,
  ...(isObject(answer.usage) ? { tokens: tokensOf(answer.usage) } : {}),
  ...(answer.error ? { error: answer.error } : {}),
});

/**
 * OpenAI's Responses API. A stream ends with an event that holds the whole response, with its usage.
 * https://developers.openai.com/api/docs/api-reference/responses-streaming
 */
export const openaiResponses: ModelFormat = {
  localPath: '/v1/responses',
  path: '/responses',
  limits: ['max_output_tokens'],
  readEvent(event) {
    const type = String(event.type);
    if (type === 'error') return { tool: false, error: event.error ?? event };
    if (/^response\.(completed|incomplete|failed)$/.test(type)) {
      const { written: _again, ...end } = readWhole(objectOf(event.response));
      return { ...end, finished: type !== 'response.failed' };
    }
    return {
      tool: isTool(event.item) || /_call_(arguments|input)\./.test(type),
      ...(type.endsWith('.delta') ? { written: event.delta } : {}),
      ...(type === 'response.output_text.delta' && typeof event.delta === 'string'
        ? { text: event.delta }
        : {}),
    };
  },
  readWhole,
};
