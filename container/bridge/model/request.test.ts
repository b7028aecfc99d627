import { describe, expect, it } from 'vitest';
import { anthropicMessages } from './format/anthropic-messages.ts';
import { openaiCompletions } from './format/openai-completions.ts';
import { openaiResponses } from './format/openai-responses.ts';
import { type ModelRequest, readRequest } from './request.ts';

const read = (body: unknown, format = openaiCompletions) =>
  readRequest(format, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const call = (more: object = {}, format = openaiCompletions): ModelRequest => {
  const request = read({ model: 'm', messages: [], ...more }, format);
  if (typeof request === 'string') throw new Error(request);
  return request;
};
const message = (content: unknown) => ({ messages: [{ role: 'user', content }] });

describe('the worst case of a call', () => {
  it.each([
    'word '.repeat(500),
    '에이전트는 자고 있습니다. '.repeat(200),
    '{"a":[1,2,3]}'.repeat(300),
    '🦞'.repeat(500),
  ])('takes a token for every byte of its text, more than any tokenizer makes (%#)', (text) => {
    const { most } = call(message(text));
    expect(most.input).toBeGreaterThanOrEqual(Buffer.byteLength(text));
    expect(most.input).toBeLessThan(Buffer.byteLength(text) * 1.1 + 300);
  });

  it('takes a picture as a picture, in every format, and text in its place as text', () => {
    const base64 = 'A'.repeat(400_000);
    for (const part of [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${base64}` } },
      { type: 'input_image', image_url: `data:image/png;base64,${base64}` },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } },
    ]) {
      expect(call(message([part])).most.input).toBeLessThan(10_000);
      expect(call(message([part, part])).most.input).toBeGreaterThan(15_000);
    }
    const text = `data:image/png;base64,${base64}`;
    expect(call(message([{ type: 'text', text }])).most.input).toBeGreaterThan(400_000);
    const hidden = { type: 'image', text: 'word '.repeat(100_000) };
    expect(call(message([hidden])).most.input).toBeGreaterThan(400_000);
  });

  it('takes a document as a whole context', () => {
    const part = {
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
    };
    expect(call(message([part]), anthropicMessages).most.input).toBeGreaterThan(1_000_000);
  });

  it('counts tools and instructions as well', () => {
    const tools = [{ type: 'function', function: { name: 'x', description: 'y'.repeat(5000) } }];
    expect(call({ tools }).most.input).toBeGreaterThan(5000);
    expect(call({ system: 'z'.repeat(5000) }, anthropicMessages).most.input).toBeGreaterThan(5000);
  });

  it('takes the answer’s limit, the highest named, for each of its answers', () => {
    expect(call({ max_tokens: 100 }).most.output).toBe(100);
    expect(call({ max_tokens: 100, max_completion_tokens: 900 }).most.output).toBe(900);
    expect(call({ max_tokens: 100, n: 3 }).most.output).toBe(300);
    expect(call({ max_output_tokens: 70, input: 'x' }, openaiResponses).most.output).toBe(70);
  });

  it('sets a limit where none is named, and leaves the call as it is otherwise', () => {
    const open = call({ input: 'x' }, openaiResponses);
    expect(JSON.parse(String(open.body))).toMatchObject({ max_output_tokens: open.most.output });
    const body = '{ "model": "m",  "max_tokens": 5 }';
    const request = read(body);
    expect(typeof request !== 'string' && String(request.body)).toBe(body);
  });
});

describe('a call is not passed on', () => {
  it.each([
    ['no JSON', '{', 'no JSON'],
    ['no model', { messages: [] }, 'no JSON with a model'],
    ['a limit that is none', { model: 'm', max_tokens: 'many' }, 'limit'],
    ['a negative limit', { model: 'm', max_tokens: -1 }, 'limit'],
    ['answers without number', { model: 'm', n: 0.5 }, 'n is'],
    ['dearer service', { model: 'm', service_tier: 'priority' }, 'service_tier'],
    ['a region at a surcharge', { model: 'm', inference_geo: 'us' }, 'inference_geo'],
    ['other models', { model: 'm', models: ['x'] }, 'models'],
    ['plugins', { model: 'm', plugins: [{ id: 'web' }] }, 'plugins'],
    ['a tool of the provider', { model: 'm', tools: [{ type: 'web_search_20260101' }] }, 'web_search'],
  ])('with %s', (_, body, reason) => expect(read(body)).toContain(reason));

  it('but with the plain service and tools of OpenClaw it is', () => {
    expect(
      call({ service_tier: 'auto', tools: [{ name: 'x' }, { type: 'function' }, { type: 'custom' }] }).model,
    ).toBe('m');
  });
});
