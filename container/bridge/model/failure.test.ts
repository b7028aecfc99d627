import { describe, expect, it } from 'vitest';
import { codeForStatus, codeForStreamError, type ModelFailure, RetryBudget } from './failure.ts';
import { Lanes } from './lanes.ts';
import { readWhole, StreamReader } from './stream-reader.ts';

const failure = (code: ModelFailure['code'], startedAt = 0): ModelFailure => ({
  code,
  detail: '',
  startedAt,
});
const bytes = (text: string) => new TextEncoder().encode(text);
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

describe('what a model did wrong', () => {
  it.each([
    [401, 'model.key_rejected'],
    [403, 'model.key_rejected'],
    [429, 'model.rate_limited'],
    [400, 'model.refused'],
    [404, 'model.refused'],
    [302, 'model.unreachable'],
    [500, 'model.unreachable'],
    [529, 'model.unreachable'],
  ])('status %i is %s', (status, code) => expect(codeForStatus(status)).toBe(code));

  it.each([
    ['rate_limit_error', 'model.rate_limited'],
    ['authentication_error', 'model.key_rejected'],
    ['invalid_request_error', 'model.refused'],
    ['overloaded_error', 'model.unreachable'],
  ])('the stream error %s is %s', (type, code) => expect(codeForStreamError(type)).toBe(code));

  it('gives up after the third failure, after the time is spent, and at once for a rejected key', () => {
    const budget = new RetryBudget({ failures: 3, milliseconds: 45_000 });
    expect(budget.failed(failure('model.unreachable'), 1_000)).toBe('retrying');
    expect(budget.failed(failure('model.unreachable'), 2_000)).toBe('retrying');
    expect(budget.failed(failure('model.unreachable'), 3_000)).toBe('give-up');
    expect(new RetryBudget().failed(failure('model.timeout', 0), 120_000)).toBe('give-up');
    expect(new RetryBudget().failed(failure('model.key_rejected'), 1)).toBe('give-up');
  });

  it('forgets failures once a call went through', () => {
    const budget = new RetryBudget({ failures: 2, milliseconds: 45_000 });
    budget.failed(failure('model.unreachable', 0), 1_000);
    budget.succeeded();
    expect(budget.failed(failure('model.unreachable', 90_000), 91_000)).toBe('retrying');
  });
});

describe('the reader of a streamed answer', () => {
  const toolCall = data({ choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'exec' } }] } }] });

  it('sees a tool call however the stream is cut into pieces, before its line is complete for anybody else', () => {
    for (let cut = 1; cut < toolCall.length; cut++) {
      const reader = new StreamReader('openai-completions');
      const first = reader.read(bytes(toolCall.slice(0, cut))).tool;
      const second = reader.read(bytes(toolCall.slice(cut))).tool;
      expect(first || second).toBe(true);
      // The first piece may only hide the call while its line has no end yet.
      if (!first) expect(toolCall.slice(0, cut)).not.toContain('\n');
    }
  });

  it("finds Anthropic's tool use, its end and its usage with the cached part", () => {
    const reader = new StreamReader('anthropic-messages');
    reader.read(
      bytes(
        data({
          type: 'message_start',
          message: {
            usage: {
              input_tokens: 5,
              cache_read_input_tokens: 90,
              cache_creation_input_tokens: 5,
              output_tokens: 1,
            },
          },
        }),
      ),
    );
    expect(
      reader.read(bytes(data({ type: 'content_block_start', content_block: { type: 'text' } }))).tool,
    ).toBe(false);
    expect(
      reader.read(bytes(data({ type: 'content_block_start', content_block: { type: 'tool_use' } }))).tool,
    ).toBe(true);
    expect(reader.finished).toBe(false);
    reader.read(
      bytes(
        data({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 42 } }),
      ),
    );
    expect(reader.finished).toBe(true);
    expect(reader.usage).toEqual({ inputTokens: 100, outputTokens: 42, cachedTokens: 90 });
  });

  it("reads OpenAI's usage, whose prompt tokens hold the cached ones", () => {
    const reader = new StreamReader('openai-completions');
    reader.read(bytes(data({ choices: [{ delta: {}, finish_reason: 'stop' }] })));
    reader.read(
      bytes(
        data({
          choices: [],
          usage: { prompt_tokens: 100, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 60 } },
        }),
      ),
    );
    expect(reader.finished).toBe(true);
    expect(reader.usage).toEqual({ inputTokens: 100, outputTokens: 7, cachedTokens: 60 });
  });

  it.each([['<html>busy</html>\n'], ['data: {"half\n'], ['data: 7\n']])('calls %j garbage', (text) => {
    expect(new StreamReader('openai-completions').read(bytes(text)).failure?.code).toBe('model.garbage');
  });

  it('takes comments, event names and empty lines for what they are', () => {
    const reader = new StreamReader('anthropic-messages');
    expect(reader.read(bytes(': keep-alive\n\nevent: ping\nid: 4\ndata: {"type":"ping"}\r\n\r\n'))).toEqual({
      tool: false,
      text: '',
    });
  });

  it.each([
    ['openai-completions' as const, data({ choices: [{ delta: { content: 'Hello' } }] })],
    [
      'anthropic-messages' as const,
      data({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } }),
    ],
  ])('hears what is said for people (%s)', (api, text) => {
    expect(new StreamReader(api).read(bytes(text))).toEqual({ tool: false, text: 'Hello' });
  });

  it('reports an error inside the stream by its kind', () => {
    const reader = new StreamReader('anthropic-messages');
    const text = data({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    expect(reader.read(bytes(text)).failure).toEqual({ code: 'model.unreachable', detail: 'Overloaded' });
  });

  it('does not take a stream without its end mark for finished', () => {
    const reader = new StreamReader('openai-completions');
    reader.read(bytes(data({ choices: [{ delta: { content: 'half an ans' } }] })));
    expect(reader.end()).toEqual({ tool: false, text: '' });
    expect(reader.finished).toBe(false);
  });

  it('finds tool calls in an answer that was not streamed', () => {
    expect(readWhole('openai-completions', { choices: [{ message: { tool_calls: [{}] } }] }).tool).toBe(true);
    expect(readWhole('anthropic-messages', { content: [{ type: 'tool_use' }] }).tool).toBe(true);
    expect(readWhole('anthropic-messages', { content: [{ type: 'text' }] }).tool).toBe(false);
  });
});

describe('lanes', () => {
  it('keep a conversation on its lane while no other needs it, and never give one lane to two turns', () => {
    const lanes = new Lanes(3);
    const first = lanes.acquire('a');
    const others = [lanes.acquire('b'), lanes.acquire('c')];
    expect(new Set([first, ...others]).size).toBe(3);
    expect(() => lanes.acquire('d')).toThrow('busy');
    for (const lane of [first, ...others]) lanes.release(lane);
    expect(lanes.acquire('b')).toBe(others[0]);
    expect(lanes.acquire('a')).toBe(first);
  });
});
