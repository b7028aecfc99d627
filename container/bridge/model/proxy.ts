import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Usage } from '../appsync/backend.ts';
import { describeError, type Log } from '../log.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';
import { codeForStatus, type ModelFailure } from './failure.ts';
import { readWhole, StreamReader } from './stream-reader.ts';
import {
  answerBytes,
  answerFor,
  CallFailed,
  callModel,
  type ModelTimeouts,
  modelTimeouts,
  neutral,
} from './upstream.ts';

/** A turn as the model's calls see it. */
export interface ModelTurn {
  /** Makes durable that a tool is about to run. The tool call reaches OpenClaw only after it resolves. */
  beforeTool(): Promise<void>;
  /** What the model says for people, as it comes; `succeeded` ends it. */
  said(text: string): void;
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

/** A prompt with a full context and images stays below this, bytes. */
const maxRequest = 64 * 1024 * 1024;

/** The only path of each API that OpenClaw may call. */
const localPaths = {
  'openai-completions': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
} as const;

/**
 * The only way from OpenClaw to a model: on loopback, below a path that cannot be guessed. It adds the provider's
 * key, lets through nothing but the configured model, marks a turn before a tool call of it is passed on, and tells
 * the turn what the model did wrong. A tool call that comes on no turn's lane (an agent started by an agent, a
 * summary) marks every running turn: better one mark too many than a tool that ran unmarked. While no turn runs,
 * nothing is passed on: OpenClaw does not think, spend or act outside the ledger.
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
    if (request.method !== 'POST' || `/${rest.join('/')}` !== localPaths[model.api]) {
      return refuse(response, 404, 'not_found', 'this path is not passed on');
    }
    const body = await readBody(request);
    const asked = body && modelOf(body);
    if (!asked) return refuse(response, 400, 'invalid_request', 'no JSON with a model');
    if (asked.model !== model.model)
      return refuse(response, 400, 'model_not_allowed', 'only the configured model is allowed');
    const called = turnsOf(Number(lane));
    if (called.every((turn) => turn.ended)) return refuse(response, 503, 'no_turn', 'no turn is running');
    const startedAt = now();
    const aborted = new AbortController();
    response.on('close', () => aborted.abort(new Error('OpenClaw ended the call')));
    try {
      const usage = await pass({ model, request, body, streamed: asked.stream, response, called, aborted });
      turns.get(Number(lane))?.succeeded(usage);
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
    const upstream = await callModel({
      model,
      headers: call.request.headers,
      body: call.body,
      timeouts,
      signal: aborted.signal,
    });
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
    const judge = async ({ tool, text, failure }: ReturnType<StreamReader['read']>) => {
      if (failure) throw new CallFailed(failure.code, withoutKey(failure.detail, model.apiKey));
      if (text) for (const turn of call.called) turn.said(text);
      if (tool && !marked) {
        await mark();
        marked = true;
      }
    };
    for await (const chunk of answerBytes(upstream, timeouts, aborted.signal)) {
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

function retryAfter(upstream: Response): Record<string, string> {
  const value = upstream.headers.get('retry-after');
  return value ? { 'retry-after': value } : {};
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
