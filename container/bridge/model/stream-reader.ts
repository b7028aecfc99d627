import type { Usage } from '../appsync/backend.ts';
import { codeForStreamError, type ModelFailureCode } from './failure.ts';

export type ModelApi = 'anthropic-messages' | 'openai-completions';

/** What one piece of a model's answer says. */
export interface Reading {
  /** A tool call begins or goes on in this piece. */
  readonly tool: boolean;
  /** What it adds to the text for people. */
  readonly text: string;
  readonly failure?: { readonly code: ModelFailureCode; readonly detail: string };
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const count = (value: unknown): number => (typeof value === 'number' && value >= 0 ? Math.round(value) : 0);

/**
 * Follows a streamed answer (server-sent events) without changing it: finds tool calls, usage, the proper end, and
 * what is not such a stream. It judges whole lines, so a reader that gets a piece only after it was judged here can
 * never act on a tool call that was not seen.
 */
export class StreamReader {
  readonly #api: ModelApi;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #finished = false;
  #usage: Usage | undefined;
  #text = '';

  constructor(api: ModelApi) {
    this.#api = api;
  }

  /** Whether the answer came to an end that its API calls one. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Tokens of this call; absent when the API did not tell. */
  get usage(): Usage | undefined {
    return this.#usage;
  }

  read(chunk: Uint8Array): Reading {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    return this.#judge(lines);
  }

  /** Judges what is left when the stream ends without a last line break. */
  end(): Reading {
    const lines = this.#rest ? [this.#rest] : [];
    this.#rest = '';
    return this.#judge(lines);
  }

  #judge(lines: readonly string[]): Reading {
    let tool = false;
    this.#text = '';
    for (const line of lines) {
      if (line === '' || /^(event|id|retry)?:/.test(line)) continue;
      if (!line.startsWith('data:'))
        return { tool, text: this.#text, failure: { code: 'model.garbage', detail: 'not an event stream' } };
      const data = line.slice(5).trim();
      if (data === '[DONE]') {
        this.#finished = true;
        continue;
      }
      let value: unknown;
      try {
        value = JSON.parse(data);
      } catch {
        return {
          tool,
          text: this.#text,
          failure: { code: 'model.garbage', detail: 'an event that is not JSON' },
        };
      }
      if (!isObject(value))
        return {
          tool,
          text: this.#text,
          failure: { code: 'model.garbage', detail: 'an event that is no object' },
        };
      if (value.error) return { tool, text: this.#text, failure: streamError(value.error) };
      tool = (this.#api === 'anthropic-messages' ? this.#anthropic(value) : this.#openai(value)) || tool;
    }
    return { tool, text: this.#text };
  }

  #openai(value: Json): boolean {
    let tool = false;
    for (const choice of Array.isArray(value.choices) ? value.choices : []) {
      if (!isObject(choice)) continue;
      for (const part of [choice.delta, choice.message]) {
        if (
          isObject(part) &&
          ((Array.isArray(part.tool_calls) && part.tool_calls.length > 0) || part.function_call)
        )
          tool = true;
      }
      if (isObject(choice.delta) && typeof choice.delta.content === 'string')
        this.#text += choice.delta.content;
      if (choice.finish_reason) this.#finished = true;
    }
    if (isObject(value.usage)) this.#usage = openaiUsage(value.usage);
    return tool;
  }

  #anthropic(value: Json): boolean {
    const usage =
      isObject(value.message) && isObject(value.message.usage) ? value.message.usage : value.usage;
    if (isObject(usage)) this.#usage = mergeAnthropicUsage(this.#usage, usage);
    if (value.type === 'message_stop') this.#finished = true;
    if (value.type === 'message_delta' && isObject(value.delta) && value.delta.stop_reason)
      this.#finished = true;
    if (value.type === 'content_block_delta' && isObject(value.delta) && typeof value.delta.text === 'string')
      this.#text += value.delta.text;
    const block = value.content_block;
    return value.type === 'content_block_start' && isObject(block) && /tool_use/.test(String(block.type));
  }
}

/** Usage and tool calls of an answer that was not streamed. */
export function readWhole(api: ModelApi, value: unknown): { tool: boolean; usage: Usage | undefined } {
  if (!isObject(value)) return { tool: false, usage: undefined };
  const usage = isObject(value.usage) ? value.usage : undefined;
  if (api === 'anthropic-messages') {
    const blocks = Array.isArray(value.content) ? value.content : [];
    return {
      tool: blocks.some((block) => isObject(block) && /tool_use/.test(String(block.type))),
      usage: usage && mergeAnthropicUsage(undefined, usage),
    };
  }
  const choices = Array.isArray(value.choices) ? value.choices : [];
  return {
    tool: choices.some(
      (c) =>
        isObject(c) &&
        isObject(c.message) &&
        Array.isArray(c.message.tool_calls) &&
        c.message.tool_calls.length > 0,
    ),
    usage: usage && openaiUsage(usage),
  };
}

function streamError(error: unknown): { code: ModelFailureCode; detail: string } {
  const fields = isObject(error) ? error : {};
  const type = `${fields.type ?? ''} ${fields.code ?? ''}`.trim();
  const message = typeof error === 'string' ? error : String(fields.message ?? '');
  return { code: codeForStreamError(type || message), detail: (message || type).slice(0, 200) };
}

/** OpenAI counts cached tokens inside the prompt's. */
function openaiUsage(usage: Json): Usage {
  const details = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  return {
    inputTokens: count(usage.prompt_tokens),
    outputTokens: count(usage.completion_tokens),
    cachedTokens: count(details.cached_tokens),
  };
}

/** Anthropic counts cached tokens beside `input_tokens`, and tells the output again and again as a running total. */
function mergeAnthropicUsage(before: Usage | undefined, usage: Json): Usage {
  const cached = count(usage.cache_read_input_tokens);
  const input = count(usage.input_tokens) + cached + count(usage.cache_creation_input_tokens);
  return {
    inputTokens: Math.max(before?.inputTokens ?? 0, input),
    outputTokens: Math.max(before?.outputTokens ?? 0, count(usage.output_tokens)),
    cachedTokens: Math.max(before?.cachedTokens ?? 0, cached),
  };
}
