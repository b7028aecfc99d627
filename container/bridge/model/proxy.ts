import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Usage } from '../appsync/backend.ts';
import { describeError, type Log } from '../log.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';
import type { ModelFailure } from './failure.ts';
import { formats } from './format/format.ts';
import { passCall } from './pass-call.ts';
import { refuse } from './refuse.ts';
import { readRequest } from './request.ts';
import type { CallEnd, Spending } from './spending.ts';
import type { TurnModel } from './turn-model.ts';
import { CallFailed, type ModelTimeouts, modelTimeouts, neutral } from './upstream.ts';

/** A turn as the model's calls see it. */
export interface ModelTurn {
  /** Makes durable that a tool is about to run. The tool call reaches OpenClaw only after it resolves. */
  beforeTool(): Promise<void>;
  /** What a call used, whether it went well or not. */
  used(usage: Usage): void;
  /** `text`: what the model said for people in this call. */
  succeeded(text: string): void;
  failed(failure: ModelFailure): void;
  /** Once the turn has been given up, OpenClaw's further tries are not passed on. */
  readonly ended: boolean;
  /** Whose cost the calls are. */
  readonly conversationId: string;
  /** The only one that its calls may ask. */
  readonly model: TurnModel;
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

/**
 * What OpenClaw is told where nothing may be spent. Its words must not sound like an unpaid bill: OpenClaw would take
 * the provider out of service.
 */
const spendingWords: Partial<Record<string, string>> = {
  'spending.day_cap': "This agent's own limit for today is reached. No model was called.",
  'spending.month_cap': "This agent's own limit for this month is reached. No model was called.",
  'spending.deployment_day_cap':
    'The limit of all agents together for today is reached. No model was called.',
  'spending.deployment_month_cap':
    'The limit of all agents together for this month is reached. No model was called.',
  'spending.stopped': 'Model calls of this agent are switched off. No model was called.',
};

/** Stands in OpenClaw's configuration, which is to be the same at each start (openclaw/configuration.ts). */
const usualPort = 18_790;

/** A prompt with a full context and images stays below this, bytes. */
const maxRequest = 64 * 1024 * 1024;

/**
 * The only way from OpenClaw to a model: on loopback, with a key that cannot be guessed. It adds the provider's
 * key, lets through nothing but the turn's own model (on no turn's lane the configured one), reserves what a call may cost before it goes out, marks a turn
 * before a tool call of it is passed on, and tells the turn what was used and what the model did wrong. A tool call that comes on no turn's lane (an agent started by an agent, a
 * summary) marks every running turn: better one mark too many than a tool that ran unmarked. While no turn runs,
 * nothing is passed on: OpenClaw does not think, spend or act outside the ledger.
 */
export async function startModelProxy(input: {
  model: ModelGrant | null;
  /** null where no call may go out: without a model. */
  spending: Spending | null;
  log: Log;
  /** Where it listens, unless somebody else does. */
  port?: number;
  timeouts?: ModelTimeouts;
  now?: () => number;
}): Promise<ModelProxy> {
  const { model, spending, log } = input;
  const timeouts = input.timeouts ?? modelTimeouts;
  const now = input.now ?? Date.now;
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
    const [, place = '', lane = '', ...rest] = (request.url ?? '').split('/');
    const { port } = server.address() as { port: number };
    const isOurs =
      place === 'lane' &&
      same(presentedKey(request), key) &&
      request.headers.host === `127.0.0.1:${port}` &&
      request.headers.origin === undefined;
    if (!isOurs) return refuse(response, 403, 'forbidden', 'not a call of this agent');
    if (!model || !spending) return refuse(response, 400, 'model_not_configured', 'no model is configured');
    if (request.method !== 'POST' || `/${rest.join('/')}` !== formats[model.api].localPath) {
      return refuse(response, 404, 'not_found', 'this path is not passed on');
    }
    const body = await readBody(request);
    const asked = body ? readRequest(formats[model.api], body) : 'the call is too long';
    if (typeof asked === 'string') return refuse(response, 400, 'invalid_request', asked);
    const own = turns.get(Number(lane));
    const { name, price } = own?.model ?? { name: model.model, price: model.price };
    if (asked.model !== name || !price)
      return refuse(response, 400, 'model_not_allowed', 'only the configured model is allowed');
    const called = turnsOf(Number(lane));
    if (called.every((turn) => turn.ended)) return refuse(response, 503, 'no_turn', 'no turn is running');
    const startedAt = now();
    const aborted = new AbortController();
    response.on('close', () => aborted.abort(new Error('OpenClaw ended the call')));
    let end: CallEnd = { kind: 'unbilled' };
    let settle: ((end: CallEnd) => Usage | undefined) | undefined;
    try {
      const reservation = await spending.reserve(price, asked, own?.conversationId);
      settle = reservation.settle;
      aborted.signal.throwIfAborted();
      const sees = (seen: CallEnd) => {
        end = seen;
      };
      const text = await passCall({ model, request, asked, response, called, aborted, timeouts, sees });
      own?.succeeded(text);
    } catch (error) {
      if (aborted.signal.aborted) return;
      if (!(error instanceof CallFailed)) throw error;
      log('warn', 'model.failed', { code: error.code, lane: Number(lane) });
      // A failure on no turn's lane is OpenClaw's to handle; turns that did not ask are not blamed for it.
      own?.failed({ code: error.code, detail: error.detail, startedAt });
      if (response.writableEnded) return;
      if (error.code.startsWith('spending.'))
        refuse(response, 400, 'spending_limit', spendingWords[error.code] ?? '');
      else refuse(response, 502, 'api_error', neutral);
    } finally {
      const usage = settle?.(end);
      if (usage) own?.used(usage);
    }
  }

  const port = await listen(server, input.port ?? usualPort);
  return {
    key,
    laneUrl: (lane) => `http://127.0.0.1:${port}/lane/${lane}`,
    attach: (lane, turn) => turns.set(lane, turn),
    detach: (lane) => turns.delete(lane),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** On a port of its own choice where that one is taken: tasks may share a machine. */
async function listen(server: Server, best: number): Promise<number> {
  for (const port of [best, 0]) {
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    try {
      await listening;
      break;
    } catch (error) {
      if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return (server.address() as AddressInfo).port;
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
