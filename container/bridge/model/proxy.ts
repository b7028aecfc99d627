import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Usage } from '../appsync/backend.ts';
import { describeError, type Log } from '../log.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';
import { codeForStatus, type ModelFailure, type ModelFailureCode } from './failure.ts';
import { readWhole, StreamReader } from './stream-reader.ts';

/** A turn as the model's calls see it. */
export interface ModelTurn {
  /** Makes durable that a tool is about to run. The tool call reaches OpenClaw only after it resolves. */
  beforeTool(): Promise<void>;
  succeeded(usage: Usage | undefined): void;
  failed(failure: ModelFailure): void;
  /** Once the turn has been given up, OpenClaw's further tries are not passed on. */
  readonly ended: boolean;
}

export interface ModelProxy {
  /** Base URL of a lane, without a version path. */
  laneUrl(lane: number): string;
  /** What OpenClaw sends instead of a provider key: made anew for each boot, of no use anywhere else. */
  readonly key: string;
  attach(lane: number, turn: ModelTurn): void;
  detach(lane: number): void;
  close(): Promise<void>;
}

export interface ModelTimeouts {
  /** From the request to the answer's first byte, milliseconds. */
  readonly firstByte: number;
  /** Longest silence inside an answer, milliseconds. */
  readonly stall: number;
}

export const modelTimeouts: ModelTimeouts = { firstByte: 120_000, stall: 60_000 };

/** A prompt with a full context and images stays below this, bytes. */
const maxRequest = 64 * 1024 * 1024;

const paths = {
  'openai-completions': { local: '/v1/chat/completions', upstream: '/chat/completions' },
  'anthropic-messages': { local: '/v1/messages', upstream: '/v1/messages' },
} as const;

/** What goes on to the provider besides the key. */
const passedHeaders = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta'];

class CallFailed extends Error {
  readonly code: ModelFailureCode;
  readonly detail: string;
  constructor(code: ModelFailureCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * The only way from OpenClaw to a model: on loopback, below a path that cannot be guessed. It adds the provider's
 * key, lets through nothing but the configured model, marks a turn before a tool call of it is passed on, and tells
 * the turn what the model did wrong. A tool call that comes on no turn's lane (an agent started by an agent, a
 * summary) marks every running turn: better one mark too many than a tool that ran unmarked.
 */
export async function startModelProxy(input: {
  model: ModelGrant | null;
  log: Log;
  timeouts?: ModelTimeouts;
  now?: () => number;
}): Promise<ModelProxy> {
  const { model, log } = input;
  const timeouts = input.timeouts ?? modelTimeouts;
  const now = input.now ?? Date.now;
  const path = randomBytes(24).toString('hex');
  const key = `byo-${randomBytes(24).toString('hex')}`;
  const turns = new Map<number, ModelTurn>();

  const turnsOf = (lane: number): ModelTurn[] => {
    const own = turns.get(lane);
    return own ? [own] : [...turns.values()];
  };

  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    handle(request, response).catch((error: unknown) => {
      log('error', 'model.proxy_fault', { error: describeError(error) });
      refuse(response, 500, 'internal', 'the proxy failed');
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, secret = '', lane = '', ...rest] = (request.url ?? '').split('/');
    const { port } = server.address() as { port: number };
    const isOurs =
      same(secret, path) &&
      same(presentedKey(request), key) &&
      request.headers.host === `127.0.0.1:${port}` &&
      request.headers.origin === undefined;
    if (!isOurs) return refuse(response, 403, 'forbidden', 'not a call of this agent');
    if (!model) return refuse(response, 400, 'model_not_configured', 'no model is configured');
    if (request.method !== 'POST' || `/${rest.join('/')}` !== paths[model.api].local) {
      return refuse(response, 404, 'not_found', 'this path is not passed on');
    }
    const body = await readBody(request);
    const asked = body && modelOf(body);
    if (!asked) return refuse(response, 400, 'invalid_request', 'no JSON with a model');
    if (asked.model !== model.model)
      return refuse(response, 400, 'model_not_allowed', 'only the configured model is allowed');
    const called = turnsOf(Number(lane));
    if (called.length > 0 && called.every((turn) => turn.ended)) {
      return refuse(response, 503, 'turn_ended', 'this turn has been given up');
    }
    const startedAt = now();
    const aborted = new AbortController();
    response.on('close', () => aborted.abort(new Error('OpenClaw ended the call')));
    try {
      const usage = await pass({ model, request, body, streamed: asked.stream, response, called, aborted });
      for (const turn of called) turn.succeeded(called.length === 1 ? usage : undefined);
    } catch (error) {
      if (aborted.signal.aborted) return;
      if (!(error instanceof CallFailed)) throw error;
      log('warn', 'model.failed', { code: error.code, lane: Number(lane) });
      // A failure on no turn's lane is OpenClaw's to handle; turns that did not ask are not blamed for it.
      turns.get(Number(lane))?.failed({ code: error.code, detail: error.detail, startedAt });
      if (!response.writableEnded) refuse(response, 502, 'api_error', neutral);
    }
  }

  /** Passes one call on. Gives the usage; throws CallFailed after having answered OpenClaw where there is something to say. */
  async function pass(call: {
    model: ModelGrant;
    request: IncomingMessage;
    body: Buffer;
    streamed: boolean;
    response: ServerResponse;
    called: readonly ModelTurn[];
    aborted: AbortController;
  }): Promise<Usage | undefined> {
    const { model, response, aborted } = call;
    const upstream = await ask(call);
    if (!upstream.ok) {
      const code = codeForStatus(upstream.status);
      const text = withoutKey(await upstream.text().catch(() => ''), model.apiKey);
      // What a provider writes about a rejected key quotes the key: nothing of it is shown.
      const detail =
        code === 'model.key_rejected'
          ? `status ${upstream.status}`
          : `status ${upstream.status}: ${text.slice(0, 200)}`;
      const { status, isNeutral } = answerFor(upstream.status);
      response.writeHead(status, { 'content-type': 'application/json', ...retryAfter(upstream) });
      response.end(isNeutral ? errorBody('invalid_request_error', neutral) : text);
      throw new CallFailed(code, detail);
    }
    const mark = async () => {
      try {
        await Promise.all(call.called.map((turn) => turn.beforeTool()));
      } catch (cause) {
        aborted.abort(cause);
        response.destroy();
        throw cause;
      }
    };
    const type = upstream.headers.get('content-type') ?? 'application/octet-stream';
    if (!call.streamed) {
      const text = await upstream.text().catch(() => {
        throw new CallFailed('model.cut_off', 'the answer broke off');
      });
      const read = readWhole(model.api, parse(text));
      if (parse(text) === undefined) throw new CallFailed('model.garbage', 'the answer is not JSON');
      if (read.tool) await mark();
      response.writeHead(200, { 'content-type': type });
      response.end(text);
      return read.usage;
    }
    if (!type.includes('text/event-stream'))
      throw new CallFailed('model.garbage', `an answer of type ${type}`);
    const reader = new StreamReader(model.api);
    let marked = false;
    const judge = async ({ tool, failure }: ReturnType<StreamReader['read']>) => {
      if (failure) throw new CallFailed(failure.code, withoutKey(failure.detail, model.apiKey));
      if (tool && !marked) {
        await mark();
        marked = true;
      }
    };
    for await (const chunk of withStallLimit(upstream, aborted)) {
      await judge(reader.read(chunk));
      if (!response.headersSent)
        response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
      if (!response.write(chunk)) await drained(response);
    }
    await judge(reader.end());
    if (!reader.finished) throw new CallFailed('model.cut_off', 'the answer ended without its end mark');
    response.end();
    return reader.usage;
  }

  async function ask(call: {
    model: ModelGrant;
    request: IncomingMessage;
    body: Buffer;
    aborted: AbortController;
  }): Promise<Response> {
    const { model, request } = call;
    const url = model.baseUrl.replace(/\/+$/, '') + paths[model.api].upstream;
    const headers: Record<string, string> = {};
    for (const name of passedHeaders) {
      const value = request.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    if (model.apiKey && model.api === 'anthropic-messages') headers['x-api-key'] = model.apiKey;
    else if (model.apiKey) headers.authorization = `Bearer ${model.apiKey}`;
    const slow = AbortSignal.timeout(timeouts.firstByte);
    // The request's signal stays in force for the whole answer: the timeout must end with the first byte.
    const first = new AbortController();
    const onSlow = () => first.abort();
    slow.addEventListener('abort', onSlow);
    try {
      return await fetch(url, {
        method: 'POST',
        headers,
        body: new Uint8Array(call.body),
        redirect: 'manual',
        signal: AbortSignal.any([first.signal, call.aborted.signal]),
      });
    } catch (error) {
      if (slow.aborted) throw new CallFailed('model.timeout', `nothing in ${timeouts.firstByte / 1000} s`);
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const code = (cause as NodeJS.ErrnoException).code ?? 'no connection';
      throw new CallFailed('model.unreachable', String(code));
    } finally {
      slow.removeEventListener('abort', onSlow);
    }
  }

  async function* withStallLimit(upstream: Response, aborted: AbortController): AsyncGenerator<Uint8Array> {
    const reader = upstream.body?.getReader();
    if (!reader) return;
    let limit = timeouts.firstByte;
    try {
      for (;;) {
        const { done, value } = await within(limit, reader.read());
        if (done) return;
        yield value;
        limit = timeouts.stall;
      }
    } catch (error) {
      if (error instanceof CallFailed || aborted.signal.aborted) throw error;
      throw new CallFailed('model.cut_off', 'the connection broke');
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    key,
    laneUrl: (lane) => `http://127.0.0.1:${port}/${path}/${lane}`,
    attach: (lane, turn) => turns.set(lane, turn),
    detach: (lane) => turns.delete(lane),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Rejects with `model.timeout` when a read takes longer than `limit` milliseconds. */
async function within<T>(limit: number, read: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new CallFailed('model.timeout', `silent for ${limit / 1000} s`)),
    limit,
  );
  try {
    return await Promise.race([read, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function same(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

function presentedKey(request: IncomingMessage): string {
  const own = request.headers['x-api-key'];
  return typeof own === 'string' ? own : (request.headers.authorization ?? '').replace(/^Bearer /, '');
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxRequest) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function modelOf(body: Buffer): { model: string; stream: boolean } | undefined {
  const value = parse(body.toString()) as { model?: unknown; stream?: unknown } | undefined;
  return typeof value?.model === 'string' ? { model: value.model, stream: value.stream === true } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const withoutKey = (text: string, key: string | null | undefined) =>
  key ? text.replaceAll(key, '[key]') : text;

const errorBody = (type: string, message: string) =>
  JSON.stringify({ type: 'error', error: { type, code: type, message } });

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(errorBody(type, message));
}

/**
 * OpenClaw reads status and words for signs of a rejected key or an unpaid bill, then takes the provider out of
 * service for a minute and more, and the turns that follow fail without a call. Here the ledger decides about turns:
 * OpenClaw gets such answers as a plain 400 in words that say nothing. A refused prompt keeps its words: by them
 * OpenClaw sees that a context is too long, and shortens it.
 */
function answerFor(status: number): { status: number; isNeutral: boolean } {
  if ([401, 402, 403].includes(status)) return { status: 400, isNeutral: true };
  if (status === 429) return { status, isNeutral: true };
  return { status: status >= 400 ? status : 502, isNeutral: status >= 500 || status < 400 };
}

const neutral = 'The model did not answer this call.';

function retryAfter(upstream: Response): Record<string, string> {
  const value = upstream.headers.get('retry-after');
  return value ? { 'retry-after': value } : {};
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
