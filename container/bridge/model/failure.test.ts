import { describe, expect, it } from 'vitest';
import { codeForStatus, codeForStreamError, type ModelFailure, RetryBudget } from './failure.ts';
import { anthropicMessages } from './format/anthropic-messages.ts';
import { openaiCompletions } from './format/openai-completions.ts';
import { Lanes } from './lanes.ts';
import { StreamReader } from './stream-reader.ts';

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
    expect(new RetryBudget().failed(failure('spending.day_cap'), 1)).toBe('give-up');
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
      const reader = new StreamReader(openaiCompletions);
      const first = reader.read(bytes(toolCall.slice(0, cut))).tool;
      const second = reader.read(bytes(toolCall.slice(cut))).tool;
      expect(first || second).toBe(true);
      // The first piece may only hide the call while its line has no end yet.
      if (!first) expect(toolCall.slice(0, cut)).not.toContain('\n');
    }
  });

  it.each([['<html>busy</html>\n'], ['data: {"half\n'], ['data: 7\n']])('calls %j garbage', (text) => {
    expect(new StreamReader(openaiCompletions).read(bytes(text)).failure?.code).toBe('model.garbage');
  });

  it('takes comments, event names and empty lines for what they are', () => {
    const reader = new StreamReader(anthropicMessages);
    expect(reader.read(bytes(': keep-alive\n\nevent: ping\nid: 4\ndata: {"type":"ping"}\r\n\r\n'))).toEqual({
      tool: false,
      text: '',
    });
  });

  it.each([
    [openaiCompletions, 'chat completions', data({ choices: [{ delta: { content: 'Hello' } }] })],
    [
      anthropicMessages,
      'messages',
      data({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } }),
    ],
  ])('hears what is said for people (%#)', (format, _, text) => {
    expect(new StreamReader(format).read(bytes(text))).toEqual({ tool: false, text: 'Hello' });
  });

  it('reports an error inside the stream by its kind', () => {
    const reader = new StreamReader(anthropicMessages);
    const text = data({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    expect(reader.read(bytes(text)).failure).toEqual({ code: 'model.unreachable', detail: 'Overloaded' });
  });

  it('does not take a stream without its end mark for finished', () => {
    const reader = new StreamReader(openaiCompletions);
    reader.read(bytes(data({ choices: [{ delta: { content: 'half an ans' } }] })));
    expect(reader.end()).toEqual({ tool: false, text: '' });
    expect(reader.finished).toBe(false);
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
