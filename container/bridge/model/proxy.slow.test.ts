import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelPrice } from '../../../amplify/core/model-price.ts';
import type { ModelApi, ModelReach } from '../../../amplify/core/settings.ts';
import type { ModelFailure } from './failure.ts';
import { type ModelProxy, type ModelTurn, startModelProxy } from './proxy.ts';
import type { ModelRequest } from './request.ts';
import type { CallEnd } from './spending.ts';
import { CallFailed } from './upstream.ts';

const providerKey = 'sk-provider';
const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1, cacheWriteLong: 1 };
const text = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const tool = `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [{ function: { name: 'exec' } }] } }] })}\n\n`;
const end = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;

let upstream: Server;
let proxy: ModelProxy;
let seen: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let refusal: CallFailed['code'] | undefined;
let reserved: { at: ModelPrice; most: ModelRequest['most']; conversationId: string | undefined }[] = [];
let ends: CallEnd[] = [];
let reply: { status: number; type: string; body: string };

async function begin(api: ModelApi = 'openai-completions', reach: ModelReach = 'any') {
  seen = [];
  refusal = undefined;
  reserved = [];
  ends = [];
  reply = { status: 200, type: 'text/event-stream', body: text('hi') + end };
  upstream = createServer((request, response) => {
    const parts: Buffer[] = [];
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        seen.push({ path: request.url ?? '', headers: request.headers, body: String(Buffer.concat(parts)) });
        response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
      });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as { port: number };
  proxy = await startModelProxy({
    model: {
      api,
      baseUrl: `http://127.0.0.1:${port}${api === 'openai-completions' ? '/v1' : ''}`,
      model: 'm',
      reach,
      apiKey: providerKey,
      keyHeader: api === 'anthropic-messages' ? 'x-api-key' : 'authorization',
      price,
    },
    spending: {
      reserve: async (at, request, conversationId) => {
        if (refusal) throw new CallFailed(refusal, 'the call was not made');
        reserved.push({ at, most: request.most, conversationId });
        return {
          settle: (end) => {
            ends.push(end);
            return undefined;
          },
        };
      },
      settled: async () => {},
    },
    log: () => {},
  });
}

interface WatchedTurn extends ModelTurn {
  readonly failures: ModelFailure[];
  readonly marks: { count: number };
  /** What the model said in each call that went well. */
  readonly heard: string[];
}

function turn(mark: () => Promise<void> = async () => {}): WatchedTurn {
  const failures: ModelFailure[] = [];
  const marks = { count: 0 };
  const heard: string[] = [];
  return {
    failures,
    marks,
    heard,
    ended: false,
    beforeTool: () => {
      marks.count++;
      return mark();
    },
    conversationId: 'a-conversation',
    model: { name: 'm', price },
    used: () => {},
    succeeded: (text) => heard.push(text),
    failed: (failure) => failures.push(failure),
  };
}

const call = (
  lane: number,
  options: {
    path?: string;
    model?: string;
    headers?: Record<string, string>;
    more?: object;
    signal?: AbortSignal;
  } = {},
) =>
  fetch(proxy.laneUrl(lane) + (options.path ?? '/v1/chat/completions'), {
    method: 'POST',
    headers: { authorization: `Bearer ${proxy.key}`, 'content-type': 'application/json', ...options.headers },
    signal: options.signal ?? null,
    body: JSON.stringify({ model: options.model ?? 'm', stream: true, messages: [], ...options.more }),
  });

beforeEach(() => begin());
afterEach(async () => {
  await proxy.close();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

describe('the model proxy', () => {
  it("passes an answer on unchanged, with the provider's key and without OpenClaw's", async () => {
    proxy.attach(1, turn());
    const response = await call(1, { headers: { traceparent: 'x', cookie: 'y' } });
    expect(await response.text()).toBe(reply.body);
    expect(seen[0]?.path).toBe('/v1/chat/completions');
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${providerKey}`);
    expect(JSON.stringify(seen[0]?.headers)).not.toMatch(/byo-|traceparent|cookie/);
  });

  it("speaks Anthropic's dialect with its own header", async () => {
    await proxy.close();
    upstream.close();
    await begin('anthropic-messages');
    reply.body = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
    proxy.attach(1, turn());
    const response = await call(1, {
      path: '/v1/messages',
      headers: { authorization: '', 'x-api-key': proxy.key, 'anthropic-version': '2023-06-01' },
    });
    expect(response.status).toBe(200);
    await response.text();
    expect(seen[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': providerKey, 'anthropic-version': '2023-06-01' },
    });
  });

  it('gives a tool call to OpenClaw only after the turn was marked', async () => {
    reply.body = text('I will') + tool + end;
    const mark = Promise.withResolvers<void>();
    const one = turn(() => mark.promise);
    proxy.attach(1, one);
    const pending = call(1).then((response) => response.text());
    await expect.poll(() => one.marks.count).toBe(1);
    expect(await Promise.race([pending, 'still waiting'])).toBe('still waiting');
    mark.resolve();
    expect(await pending).toContain('tool_calls');
  });

  it('never gives a tool call to OpenClaw when the mark bounced', async () => {
    reply.body = tool + end;
    proxy.attach(
      1,
      turn(() => Promise.reject(new Error('bounced'))),
    );
    await expect(call(1).then((response) => response.text())).rejects.toThrow();
  });

  it('settles a call that OpenClaw ended while the mark was on its way', async () => {
    reply.body = text('I will') + tool + end;
    const mark = Promise.withResolvers<void>();
    const one = turn(() => mark.promise);
    proxy.attach(1, one);
    const given = new AbortController();
    const pending = call(1, { signal: given.signal });
    await expect.poll(() => one.marks.count).toBe(1);
    given.abort();
    await expect(pending).rejects.toThrow();
    // By then the proxy has seen that it is over.
    await call(1, { headers: { authorization: 'Bearer guess' } });
    mark.resolve();
    await expect.poll(() => ends.map((each) => each.kind)).toEqual(['seen']);
    expect([one.heard, one.failures]).toEqual([[], []]);
  });

  it('tells a turn what was said in its own calls, once they went well', async () => {
    const [one, two] = [turn(), turn()];
    proxy.attach(1, one);
    proxy.attach(2, two);
    reply.body = text('half');
    await call(1)
      .then((response) => response.text())
      .catch(() => '');
    reply.body = text('who') + text('le') + end;
    await (await call(1)).text();
    await (await call(0)).text();
    expect([one.heard, two.heard]).toEqual([['whole'], []]);
  });

  it('marks every running turn for a tool call that belongs to none of them', async () => {
    reply.body = tool + end;
    const [one, two] = [turn(), turn()];
    proxy.attach(1, one);
    proxy.attach(2, two);
    await (await call(0)).text();
    expect([one.marks.count, two.marks.count]).toEqual([1, 1]);
    await (await call(2)).text();
    expect([one.marks.count, two.marks.count]).toEqual([1, 2]);
  });

  it('passes nothing on while no turn runs', async () => {
    expect((await call(1)).status).toBe(503);
    expect(seen).toHaveLength(0);
  });

  it.each([
    ['another model', { model: 'gpt-expensive' }, 400],
    ['another path', { path: '/v1/files' }, 404],
    ['another key', { headers: { authorization: 'Bearer guess' } }, 403],
    ['a web page', { headers: { origin: 'https://evil.example' } }, 403],
    ['a faster service at another price', { more: { service_tier: 'priority' } }, 400],
    ['other models beside the one', { more: { models: ['gpt-expensive'] } }, 400],
    ['a tool that the provider runs', { more: { tools: [{ type: 'web_search' }] } }, 400],
  ])('refuses %s', async (_, options, status) => {
    proxy.attach(1, turn());
    expect((await call(1, options)).status).toBe(status);
    expect(seen).toHaveLength(0);
  });

  it.each([
    [401, 'model.key_rejected', 400],
    [402, 'model.refused', 400],
    [429, 'model.rate_limited', 429],
    [500, 'model.unreachable', 500],
  ])(
    'tells the turn of status %i and keeps the words about keys and bills from OpenClaw',
    async (status, code, told) => {
      reply = {
        status,
        type: 'application/json',
        body: JSON.stringify({ error: { message: `billing: key ${providerKey} rejected` } }),
      };
      const one = turn();
      proxy.attach(1, one);
      const response = await call(1);
      expect(response.status).toBe(told);
      expect(await response.text()).not.toMatch(/key|billing/);
      expect(one.failures.map((failure) => failure.code)).toEqual([code]);
      expect(JSON.stringify(one.failures)).not.toContain(providerKey);
    },
  );

  it('lets OpenClaw read why a prompt was refused, without the key', async () => {
    reply = {
      status: 400,
      type: 'application/json',
      body: `{"error":{"message":"context too long ${providerKey}"}}`,
    };
    proxy.attach(1, turn());
    const body = await (await call(1)).text();
    expect(body).toContain('context too long');
    expect(body).not.toContain(providerKey);
  });

  it.each([
    [
      'an answer without its end',
      { status: 200, type: 'text/event-stream', body: text('half') },
      'model.cut_off',
    ],
    ['a web page', { status: 200, type: 'text/html', body: '<html>' }, 'model.garbage'],
    [
      'a stream of something else',
      { status: 200, type: 'text/event-stream', body: '<html>\n\n' },
      'model.garbage',
    ],
    ['a redirect', { status: 302, type: 'text/html', body: '' }, 'model.unreachable'],
  ])('does not let %s pass for an answer', async (_, broken, code) => {
    reply = broken;
    const one = turn();
    proxy.attach(1, one);
    const whole = await call(1)
      .then(async (response) => response.ok && (await response.text()))
      .catch(() => false);
    expect(whole).toBe(false);
    expect(one.failures.map((failure) => failure.code)).toEqual([code]);
  });

  it('calls no address in the task’s own network, where the deployment does not allow it', async () => {
    await proxy.close();
    await begin('openai-completions', 'public');
    const one = turn();
    proxy.attach(1, one);
    const before = seen.length;
    expect((await call(1)).status).toBe(502);
    expect(one.failures[0]).toMatchObject({
      code: 'model.unreachable',
      detail: '127.0.0.1 is no address on the public internet',
    });
    expect(seen).toHaveLength(before);
  });

  it('says that a model is unreachable when nobody listens', async () => {
    const one = turn();
    proxy.attach(1, one);
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
    expect((await call(1)).status).toBe(502);
    expect(one.failures[0]).toMatchObject({ code: 'model.unreachable', detail: 'ECONNREFUSED' });
    upstream.listen(0);
  });

  it('reserves what a call may cost before it goes out, and for the conversation that it belongs to', async () => {
    proxy.attach(1, turn());
    await (await call(1, { more: { max_tokens: 700 } })).text();
    expect(reserved).toEqual([
      { at: price, most: { input: expect.any(Number), output: 700 }, conversationId: 'a-conversation' },
    ]);
    expect(reserved[0]?.most.input).toBeGreaterThan(10);
  });

  it('asks the turn’s own model at that one’s price, and the configured one on no turn’s lane', async () => {
    const own = { ...price, input: 7 };
    proxy.attach(1, { ...turn(), model: { name: 'dear', price: own } });
    expect((await call(1)).status).toBe(400);
    expect((await call(0, { model: 'dear' })).status).toBe(400);
    expect(seen).toHaveLength(0);
    await (await call(1, { model: 'dear' })).text();
    await (await call(0)).text();
    expect(seen.map(({ body }) => JSON.parse(body).model)).toEqual(['dear', 'm']);
    expect(reserved.map(({ at }) => at)).toEqual([own, price]);
  });

  it.each(['spending.day_cap', 'spending.month_cap', 'spending.stopped'] as const)(
    'does not call a model when nothing may be spent (%s), and says so to OpenClaw and the turn',
    async (code) => {
      refusal = code;
      const one = turn();
      proxy.attach(1, one);
      const response = await call(1);
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(text).toContain('No model was called.');
      // Words by which OpenClaw takes a provider out of service.
      expect(text).not.toMatch(/billing|quota|credit|insufficient|payment|rate.?limit/i);
      expect(one.failures.map((failure) => failure.code)).toEqual([code]);
      expect(seen).toHaveLength(0);
    },
  );

  const usage = (tokens: object) => `data: ${JSON.stringify({ choices: [], usage: tokens })}\n\n`;

  it('settles a call by the tokens that the provider told', async () => {
    reply.body =
      text('hi') + end.replace('data: [DONE]\n\n', '') + usage({ prompt_tokens: 7, completion_tokens: 2 });
    proxy.attach(1, turn());
    await (await call(1)).text();
    expect(ends).toMatchObject([{ kind: 'told', tokens: { input: 7, output: 2 } }]);
  });

  it.each([
    [
      'that broke off by what was seen of it',
      { status: 200, type: 'text/event-stream', body: text('half') },
      'seen',
    ],
    [
      'without told tokens by what was seen of it',
      { status: 200, type: 'text/event-stream', body: text('hi') + end },
      'seen',
    ],
    ['that the provider refused as not billed', { status: 500, type: 'text/html', body: 'busy' }, 'unbilled'],
  ])('settles a call %s', async (_, broken, kind) => {
    reply = broken;
    proxy.attach(1, turn());
    await call(1)
      .then((response) => response.text())
      .catch(() => '');
    await expect.poll(() => ends.map((each) => each.kind)).toEqual([kind]);
  });

  it('sets a limit for an answer where OpenClaw named none', async () => {
    proxy.attach(1, turn());
    await (await call(1)).text();
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ model: 'm', max_tokens: 8192 });
    await (await call(1, { more: { max_completion_tokens: 5 } })).text();
    expect(JSON.parse(seen[1]?.body ?? '')).not.toHaveProperty('max_tokens');
  });
});
