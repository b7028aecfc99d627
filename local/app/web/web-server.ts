import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a path, or says that it isn't its own. A route may also answer by itself (`taken`). */
export type Route = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<Reply | 'taken' | undefined> | Reply | 'taken' | undefined;

export interface WebServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A name that resolves to 127.0.0.1 is how a page elsewhere would reach us (DNS rebinding): only these names are served.
 */
const isLoopback = (host: string | undefined) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  headersOf: (path: string) => Readonly<Record<string, string>>,
): Promise<void> {
  const reply = await replyTo(request, response, routes);
  if (reply === 'taken') return;
  const path = pathOf(request);
  const body = reply.body ?? `${reply.status}\n`;
  response.writeHead(reply.status, {
    ...(path === undefined ? {} : headersOf(path)),
    'content-type': reply.type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' || reply.status === 304 ? undefined : body);
}

function pathOf(request: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
  } catch {
    return undefined;
  }
}

async function replyTo(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
): Promise<Reply | 'taken'> {
  if (!isLoopback(request.headers.host)) return { status: 421, body: 'Only 127.0.0.1 is served here.\n' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, headers: { allow: 'GET, HEAD' } };
  }
  const path = pathOf(request);
  if (path === undefined || path.includes('\0')) return { status: 400 };
  for (const route of routes) {
    const reply = await route(path, request, response);
    if (reply !== undefined) return reply;
  }
  return { status: 404 };
}

/**
 * Serves routes on 127.0.0.1. `port` 0 takes a free one. `headersOf` gives a path's response headers.
 * Rejects with EADDRINUSE when the port is taken.
 */
export async function startWebServer(input: {
  port: number;
  routes: readonly Route[];
  headersOf: (path: string) => Readonly<Record<string, string>>;
  onError: (error: unknown) => void;
}): Promise<WebServer> {
  const server = createServer((request, response) => {
    answer(request, response, input.routes, input.headersOf).catch((error: unknown) => {
      input.onError(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(input.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
