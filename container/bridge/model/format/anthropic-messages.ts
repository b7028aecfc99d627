import { count, isObject, type Json, objectOf, type ToldTokens } from '../tokens.ts';
import type { ModelFormat } from './format.ts';

const isTool = (block: unknown): boolean => isObject(block) && /tool_use/.test(String(block.type));

/**
 * Cached tokens are counted beside `input_tokens`. A stream tells the input at its begin and the output again and
 * again as a running total, so the highest of each counts.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
function tokensOf(usage: Json, before: ToldTokens | undefined): ToldTokens {
  const lived = objectOf(usage.cache_creation);
  const written = count(usage.cache_creation_input_tokens);
  const long = Math.min(count(lived.ephemeral_1h_input_tokens), written);
  const most = (name: keyof Omit<ToldTokens, 'cost'>, value: number) => Math.max(before?.[name] ?? 0, value);
  return {
    input: most('input', count(usage.input_tokens)),
    cacheRead: most('cacheRead', count(usage.cache_read_input_tokens)),
    cacheWrite: most('cacheWrite', written - long),
    cacheWriteLong: most('cacheWriteLong', long),
    output: most('output', count(usage.output_tokens)),
    reasoning: most('reasoning', count(objectOf(usage.output_tokens_details).thinking_tokens)),
  };
}

/** Anthropic's Messages API; Bedrock's under `/anthropic` speaks it too. */
export const anthropicMessages: ModelFormat = {
  localPath: '/v1/messages',
  path: '/v1/messages',
  limits: ['max_tokens'],
  readEvent(event, before) {
    const usage = isObject(event.message) ? event.message.usage : event.usage;
    const stopped = event.type === 'message_delta' && Boolean(objectOf(event.delta).stop_reason);
    const { text } = objectOf(event.type === 'content_block_delta' ? event.delta : undefined);
    const isContent = event.type === 'content_block_delta' || event.type === 'content_block_start';
    return {
      tool: event.type === 'content_block_start' && isTool(event.content_block),
      finished: stopped || event.type === 'message_stop',
      ...(isObject(usage) ? { tokens: tokensOf(usage, before) } : {}),
      ...(isContent ? { written: event.delta ?? event.content_block } : {}),
      ...(typeof text === 'string' ? { text } : {}),
      ...(event.error ? { error: event.error } : {}),
    };
  },
  readWhole(answer) {
    const blocks = Array.isArray(answer.content) ? answer.content : [];
    return {
      tool: blocks.some(isTool),
      written: blocks,
      ...(isObject(answer.usage) ? { tokens: tokensOf(answer.usage, undefined) } : {}),
    };
  },
};
