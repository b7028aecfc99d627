import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorReply } from './error-reply.ts';
import { AwsError, type AwsService, type HttpReply, type HttpRequest } from './service.ts';

/** The largest body taken, bytes: a snapshot of OpenClaw-sized state, not more. */
const maxBody = 600 * 1024 * 1024;

export interface Gateway {
  readonly server: Server;
  /** Sends a request through the services without a network. */
  route(request: HttpRequest): Promise<HttpReply>;
}

/**
 * One listener for all services. `services` is asked for each request: the first that accepts it handles it.
 * Browsers may call from `corsOrigins` only; a Host other than loopback is refused, which ends DNS rebinding.
 */
export function createGateway(options: {
  services: () => readonly AwsService[];
  corsOrigins: readonly string[];
  log: (event: Readonly<Record<string, unknown>>) => void;
  /** Requests from outside wait for it: a task or function of an earlier run may call before all services are up. */
  ready?: Promise<void>;
}): Gateway {
  async function route(request: HttpRequest): Promise<HttpReply> {
    const service = options.services().find((each) => each.accepts(request));
    try {
      if (!service) throw unknown(request);
      return await service.handle(request);
    } catch (error) {
      if (!(error instanceof AwsError)) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        options.log({ service: service?.name, event: 'internal', error: text });
      }
      return errorReply(error, request, service?.name);
    }
  }

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => {
      options.log({ event: 'gateway.failed', error: String(error) });
      response.destroy();
    });
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopback(message.headers.host)) {
      response.writeHead(421).end('This cloud answers at a loopback address only.');
      return;
    }
    const body = await readBody(message);
    if (!body) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    await options.ready;
    const request: HttpRequest = {
      method: message.method ?? 'GET',
      url: new URL(message.url ?? '/', `http://${message.headers.host}`),
      rawPath: (message.url ?? '/').split('?')[0] ?? '/',
      headers: message.headers,
      body,
    };
    const service = options.services().find((each) => each.accepts(request));
    const cors = service?.ownCors ? {} : corsHeaders(message, options.corsOrigins);
    if (!cors) {
      response.writeHead(403).end('This cloud does not answer pages of this origin.');
      return;
    }
    if (message.method === 'OPTIONS' && 'access-control-allow-origin' in cors) {
      response.writeHead(204, cors).end();
      return;
    }
    const reply = await route(request);
    response.writeHead(reply.status, { ...reply.headers, ...cors });
    response.end(message.method === 'HEAD' ? undefined : reply.body);
  }

  async function upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { origin, host } = message.headers;
    await options.ready;
    const welcome = isLoopback(host) && (!origin || options.corsOrigins.includes(origin));
    const taken = welcome && options.services().some((service) => service.upgrade?.(message, socket, head));
    if (!taken) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  }

  server.on('upgrade', (message, socket, head) => {
    socket.on('error', () => socket.destroy());
    upgrade(message, socket, head).catch((error: unknown) => {
      options.log({ event: 'gateway.failed', error: String(error) });
      socket.destroy();
    });
  });
  // A turn may stream for minutes and an upload take its time; the services have their own limits.
  server.requestTimeout = 0;
  // A frozen function finds its connections as it left them.
  server.keepAliveTimeout = 10 * 60_000;
  return { server, route };
}

/** Listens on 127.0.0.1. Gives the port; throws what the system says when it is taken. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function isLoopback(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '');
  return name === '127.0.0.1' || name === 'localhost' || name === '[::1]';
}

/** Undefined for a page that may not call; empty for what is no page's request. */
function corsHeaders(
  message: IncomingMessage,
  origins: readonly string[],
): Record<string, string> | undefined {
  const { origin } = message.headers;
  if (origin === undefined) return {};
  if (!origins.includes(origin)) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE, HEAD',
    'access-control-allow-headers': String(message.headers['access-control-request-headers'] ?? '*'),
    'access-control-expose-headers': '*, etag, x-amzn-errortype, x-amzn-requestid',
    'access-control-max-age': '600',
    ...(message.headers['access-control-request-private-network']
      ? { 'access-control-allow-private-network': 'true' }
      : {}),
    vary: 'origin',
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unknown(request: HttpRequest): AwsError {
  const target = request.headers['x-amz-target'];
  const [, signedFor = ''] =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(request.headers.authorization)) ?? [];
  // Services with the query protocol (STS, SNS, …) name the operation in a form.
  const [, action = ''] = /(?:^|&)Action=(\w+)/.exec(request.body.subarray(0, 4096).toString()) ?? [];
  const path = `${request.method} ${request.rawPath}`;
  const what = target ? String(target) : [signedFor, action || path].filter(Boolean).join(' ');
  return new AwsError(
    'UnknownOperationException',
    `The local cloud does not serve ${what}.`,
    target ? 400 : 404,
  );
}
