import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Flood } from './flood.ts';
import type { Call } from './method.ts';
import { runMethod } from './methods.ts';
import { PersonAtApp } from './person.ts';
import { readInput } from './read-input.ts';
import { Refusal } from './refusal.ts';
import { UpdateQueue } from './update-queue.ts';
import { type BotProfile, type Person, World } from './world.ts';

/** How a call is to go wrong once. `lost`: it is carried out, but nobody hears that it was. */
export type Mishap = { readonly refuse: Refusal } | 'unreachable' | 'lost';

/** Answers paths that are not the API's; false when the path is not its own. */
export type Pages = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface BotApi {
  readonly url: string;
  readonly port: number;
  readonly world: World;
  readonly queue: UpdateQueue;
  /** Every call that came in, in order; without its token. */
  readonly calls: readonly { method: string; input: Readonly<Record<string, unknown>> }[];
  person(who: Person): PersonAtApp;
  /** The next call of a method goes wrong. */
  mishap(method: string, mishap: Mishap): void;
  close(): Promise<void>;
}

/**
 * A stand-in for https://api.telegram.org on this machine: the methods that a chat bot needs, with the real API's rules
 * (lengths, offsets of entities, pace, the life of drafts). What it does not know it refuses. https://core.telegram.org/bots/api
 */
export async function startBotApi(options: {
  readonly port?: number;
  readonly bot: BotProfile;
  readonly now?: () => number;
  readonly pages?: (api: BotApi) => Pages;
}): Promise<BotApi> {
  const now = options.now ?? Date.now;
  const world = new World(options.bot, now);
  const flood = new Flood(now);
  const calls: { method: string; input: Record<string, unknown> }[] = [];
  const mishaps = new Map<string, Mishap[]>();
  const call = (uploads: Call['uploads'] = new Map()): Call => ({ world, flood, queue, uploads });
  const perform = (method: string, input: unknown) => {
    calls.push({ method, input: input as Record<string, unknown> });
    return runMethod(method, input, call());
  };
  // Ids go on rising when the stand-in starts anew: a bot keeps what it has taken by them.
  const queue = new UpdateQueue(Math.floor(now() / 1000), perform);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(421).end('Only 127.0.0.1 is served here.\n');
      return;
    }
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (method !== undefined) return answerMethod(request, response, token ?? '', method);
    const [, fileToken, filePath] = /^\/file\/bot([^/]+)\/(.+)$/.exec(path) ?? [];
    if (filePath !== undefined) return answerFile(request, response, fileToken ?? '', filePath);
    if (await pages?.(path, request, response)) return;
    send(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
  }

  /** The file server, whose mishaps go by the name of `file`. */
  function answerFile(request: IncomingMessage, response: ServerResponse, token: string, path: string): void {
    const mishap = mishaps.get('file')?.shift();
    if (mishap === 'unreachable' || mishap === 'lost') {
      request.socket.destroy();
      return;
    }
    const file = [...world.files.values()].find((each) => each.file_path === path);
    if (mishap || !file || token !== options.bot.token) {
      const code = mishap?.refuse.code ?? 404;
      send(response, code, {
        ok: false,
        error_code: code,
        description: mishap?.refuse.message ?? 'Not Found',
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
  }

  async function answerMethod(
    request: IncomingMessage,
    response: ServerResponse,
    token: string,
    method: string,
  ): Promise<void> {
    const mishap = mishaps.get(method)?.shift();
    try {
      if (token !== options.bot.token) throw new Refusal(401, 'Unauthorized');
      const { input, uploads } = await readInput(request);
      calls.push({ method, input });
      if (mishap === 'unreachable') return void request.socket.destroy();
      if (typeof mishap === 'object') throw mishap.refuse;
      const result = await runMethod(method, input, call(uploads));
      if (mishap === 'lost') return void request.socket.destroy();
      send(response, 200, { ok: true, result });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, message, retryAfter } = error;
      send(response, code, {
        ok: false,
        error_code: code,
        description: message,
        ...(retryAfter !== undefined && { parameters: { retry_after: retryAfter } }),
      });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`Bot API stand-in: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const api: BotApi = {
    url: `http://127.0.0.1:${port}`,
    port,
    world,
    queue,
    calls,
    person: (who) => new PersonAtApp(who, world, queue),
    mishap: (method, mishap) => void mishaps.set(method, [...(mishaps.get(method) ?? []), mishap]),
    async close() {
      queue.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  const pages = options.pages?.(api);
  return api;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
