import { describe, expect, it } from 'vitest';
import { StreamReader } from '../stream-reader.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { formats, type ModelApi, type ModelFormat } from './format.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiResponses } from './openai-responses.ts';

/** Shapes as the providers' documentation shows them. */
const data = (...events: unknown[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

function follow(format: ModelFormat, text: string) {
  const reader = new StreamReader(format);
  const piece = reader.read(new TextEncoder().encode(text));
  return { reader, tool: piece.tool, failure: piece.failure };
}

describe('Anthropic’s messages', () => {
  const start = data({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [],
      usage: {
        input_tokens: 25,
        cache_creation_input_tokens: 300,
        cache_read_input_tokens: 9000,
        cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
        output_tokens: 1,
        service_tier: 'standard',
      },
    },
  });
  const rest = data(
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 15, output_tokens_details: { thinking_tokens: 4 } },
    },
    { type: 'message_stop' },
  );

  it('tell the input at the begin, each kind for itself, and the output as a running total', () => {
    const { reader } = follow(anthropicMessages, start + rest);
    expect(reader.tokens).toEqual({
      input: 25,
      cacheRead: 9000,
      cacheWrite: 200,
      cacheWriteLong: 100,
      output: 15,
      reasoning: 4,
    });
    expect(reader.finished).toBe(true);
    expect(reader.written).toBeGreaterThanOrEqual('Hello'.length);
  });

  it('that break off have told their input', () => {
    const { reader } = follow(anthropicMessages, start);
    expect(reader.finished).toBe(false);
    expect(reader.tokens).toMatchObject({ input: 25, cacheRead: 9000, output: 1 });
  });

  it('begin a tool with a block of its own', () => {
    const block = { type: 'tool_use', id: 'toolu_1', name: 'exec', input: {} };
    expect(
      follow(anthropicMessages, data({ type: 'content_block_start', index: 1, content_block: block })).tool,
    ).toBe(true);
    expect(anthropicMessages.readWhole({ content: [block] }).tool).toBe(true);
    expect(anthropicMessages.readWhole({ content: [{ type: 'text', text: 'no' }] }).tool).toBe(false);
  });

  it('say in the stream what went wrong', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    expect(follow(anthropicMessages, data({ type: 'error', error })).failure?.code).toBe('model.unreachable');
  });
});

describe('Chat completions', () => {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const streamed = (usage: object) =>
    `${data(chunk({ role: 'assistant', content: '' }), chunk({ content: 'Hello' }), chunk({}, 'stop'), {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      choices: [],
      usage,
    })}data: [DONE]\n\n`;

  it.each([
    [
      'OpenAI',
      {
        prompt_tokens: 2006,
        completion_tokens: 300,
        total_tokens: 2306,
        prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 192 },
      },
      { input: 86, cacheRead: 1920, cacheWrite: 0, output: 300, reasoning: 192 },
    ],
    [
      'DeepSeek',
      {
        prompt_tokens: 1000,
        completion_tokens: 20,
        total_tokens: 1020,
        prompt_cache_hit_tokens: 960,
        prompt_cache_miss_tokens: 40,
        completion_tokens_details: { reasoning_tokens: 12 },
      },
      { input: 40, cacheRead: 960, cacheWrite: 0, output: 20, reasoning: 12 },
    ],
    [
      'OpenRouter, with its own cost',
      {
        prompt_tokens: 194,
        completion_tokens: 2,
        total_tokens: 196,
        cost: 0.0095,
        cost_details: { upstream_inference_cost: null },
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
      { input: 94, cacheRead: 0, cacheWrite: 100, output: 2, reasoning: 0, cost: 9500 },
    ],
    [
      'Bedrock by its API key',
      { prompt_tokens: 77, completion_tokens: 41, total_tokens: 118 },
      { input: 77, cacheRead: 0, cacheWrite: 0, output: 41, reasoning: 0 },
    ],
    [
      'an OpenAI-compatible server that counts more cached than there were',
      { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 99 } },
      { input: 0, cacheRead: 10, cacheWrite: 0, output: 1, reasoning: 0 },
    ],
  ])('of %s tell each kind of token, streamed or not', (_, usage, tokens) => {
    const { reader } = follow(openaiCompletions, streamed(usage));
    expect(reader.finished).toBe(true);
    expect(reader.tokens).toMatchObject(tokens);
    const answer = { choices: [{ message: { role: 'assistant', content: 'Hello' } }], usage };
    expect(openaiCompletions.readWhole(answer).tokens).toMatchObject(tokens);
  });

  it('begin a tool with a delta of it', () => {
    const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'exec', arguments: '' } };
    expect(follow(openaiCompletions, data(chunk({ tool_calls: [call] }))).tool).toBe(true);
    expect(openaiCompletions.readWhole({ choices: [{ message: { tool_calls: [call] } }] }).tool).toBe(true);
    expect(follow(openaiCompletions, data(chunk({ tool_calls: [] }))).tool).toBe(false);
  });

  it('without a usage tell no tokens, but how much was written', () => {
    const { reader } = follow(
      openaiCompletions,
      data(chunk({ reasoning_content: 'Hm.', content: '안녕' }), chunk({}, 'stop')),
    );
    expect(reader.tokens).toBeUndefined();
    expect(reader.written).toBe(3 + 6);
  });
});

describe('Responses', () => {
  const usage = {
    input_tokens: 328,
    input_tokens_details: { cached_tokens: 100 },
    output_tokens: 52,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 380,
  };
  const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } };

  it.each(['completed', 'incomplete'])('that are %s tell their tokens at their end', (status) => {
    const { reader } = follow(
      openaiResponses,
      data(
        created,
        { type: 'response.output_text.delta', delta: 'Hello' },
        {
          type: `response.${status}`,
          response: { id: 'resp_1', status, output: [{ type: 'message' }], usage },
        },
      ),
    );
    expect(reader.finished).toBe(true);
    expect(reader.tokens).toMatchObject({ input: 228, cacheRead: 100, output: 52, reasoning: 20 });
    expect(reader.written).toBe(5);
  });

  it('begin a tool with an item of it, and go on with its arguments', () => {
    const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'exec', arguments: '' };
    expect(follow(openaiResponses, data({ type: 'response.output_item.added', item })).tool).toBe(true);
    expect(
      follow(openaiResponses, data({ type: 'response.function_call_arguments.delta', delta: '{' })).tool,
    ).toBe(true);
    expect(openaiResponses.readWhole({ output: [item] }).tool).toBe(true);
    expect(openaiResponses.readWhole({ output: [{ type: 'reasoning' }, { type: 'message' }] }).tool).toBe(
      false,
    );
  });

  it('say that they failed, in either of two ways', () => {
    const error = { code: 'rate_limit_exceeded', message: 'Slow down' };
    for (const event of [
      { type: 'response.failed', response: { status: 'failed', error } },
      { type: 'error', ...error },
    ]) {
      const { reader, failure } = follow(openaiResponses, data(created, event));
      expect(failure).toEqual({ code: 'model.rate_limited', detail: 'Slow down' });
      expect(reader.finished).toBe(false);
    }
  });
});

it.each(Object.keys(formats) as ModelApi[])('odd usages of %s count as nothing and break nothing', (api) => {
  for (const usage of [null, 7, [], { input_tokens: 'x', prompt_tokens: -3, output_tokens: Number.NaN }]) {
    expect(() =>
      formats[api].readEvent({ usage, message: { usage }, response: { usage } }, undefined),
    ).not.toThrow();
    const { tokens } = formats[api].readWhole({ usage });
    expect(tokens?.input ?? 0).toBe(0);
  }
});
