import type { BilledTokens } from '../../../amplify/core/model-price.ts';
import { type Micros, toMicros } from '../../../amplify/core/price.ts';

/** What a provider tells about one call. */
export interface ToldTokens extends BilledTokens {
  /** Of the output. */
  readonly reasoning: number;
  /** What the provider itself says the call costs (OpenRouter does). */
  readonly cost?: Micros;
}

export type Json = Record<string, unknown>;
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const count = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;

/**
 * For APIs in which the prompt's count holds what was read from and written to a cache.
 * `usd`: the call's own cost, where the provider tells it.
 */
export function toldOf(input: {
  prompt: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
  usd?: unknown;
}): ToldTokens {
  const cacheRead = Math.min(input.cacheRead, input.prompt);
  const cacheWrite = Math.min(input.cacheWrite, input.prompt - cacheRead);
  return {
    input: input.prompt - cacheRead - cacheWrite,
    cacheRead,
    cacheWrite,
    cacheWriteLong: 0,
    output: input.output,
    reasoning: Math.min(input.reasoning, input.output),
    ...(typeof input.usd === 'number' && input.usd >= 0 ? { cost: toMicros(input.usd) } : {}),
  };
}

/** Bytes of all texts inside a value: what of an answer has been seen, whatever its shape. */
export function textBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + textBytes(each), 0);
  return isObject(value) ? textBytes(Object.values(value)) : 0;
}

/** Tokens of a text whose count nobody told: two bytes a token, the dear end of what languages and code take. */
export const estimateTokens = (bytes: number): number => Math.ceil(bytes / 2);
