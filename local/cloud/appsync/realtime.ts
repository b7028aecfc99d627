import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { type WebSocket, WebSocketServer } from 'ws';
import { AwsError, type CloudContext } from '../service.ts';
import type { Api } from './api.ts';
import type { Authenticate, Caller } from './authentication.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { readOperation } from './operation.ts';
import type { Subscriptions } from './subscriptions.ts';

/** AppSync's figures: https://docs.aws.amazon.com/general/latest/gr/appsync.html and its WebSocket protocol page. */
const CONNECTION_TIMEOUT_MS = 300_000;
const KEEP_ALIVE_MS = 60_000;
const MAX_SUBSCRIPTIONS = 100;
const MAX_MESSAGE_BYTES = 240 * 1024;
/** setTimeout's longest delay; a token that lives longer is looked at again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Realtime {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

interface Dependencies {
  readonly api: Api;
  readonly schema: GraphQLSchema;
  readonly context: Pick<CloudContext, 'now' | 'log'>;
  readonly authenticate: Authenticate;
  readonly subscriptions: Subscriptions;
}

/**
 * AppSync's web socket protocol `graphql-ws` (https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html):
 * the connection is authenticated by a header object in the subprotocol `header-<base64url>` or the query `header`,
 * every subscription again by `extensions.authorization`.
 */
export function createRealtime(dependencies: Dependencies): Realtime {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: 1024 * 1024,
    handleProtocols: (protocols) => (protocols.has('graphql-ws') ? 'graphql-ws' : false),
  });
  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(
        request,
        socket,
        head,
        (webSocket) => new Connection(dependencies, webSocket, request),
      );
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      }),
  };
}

class Connection {
  private readonly dependencies: Dependencies;
  private readonly socket: WebSocket;
  private readonly request: IncomingMessage;
  private readonly active = new Map<string, () => void>();
  private keepAlive: NodeJS.Timeout | undefined;
  private opening: Promise<void> | undefined;
  private caller: Caller | undefined;

  constructor(dependencies: Dependencies, socket: WebSocket, request: IncomingMessage) {
    this.dependencies = dependencies;
    this.socket = socket;
    this.request = request;
    socket.on('message', (data) => void this.receive(String(data)));
    socket.on('close', () => this.end());
    socket.on('error', () => this.end());
  }

  private async receive(text: string): Promise<void> {
    let message: Json = null;
    try {
      message = JSON.parse(text) as Json;
    } catch {
      // Answered below as a message without a type.
    }
    const { type, id } = isJsonObject(message) ? message : {};
    if (type === 'connection_init') {
      this.opening ??= this.open();
      return;
    }
    await this.opening;
    if (!this.caller) {
      this.send({
        type: 'error',
        payload: wireErrors('UnauthorizedException', 'The connection is not initialized', 401),
      });
      return;
    }
    if (type === 'start' && typeof id === 'string' && isJsonObject(message))
      await this.start(id, message.payload ?? null);
    else if (type === 'stop' && typeof id === 'string') this.stop(id);
    else
      this.send({
        type: 'error',
        payload: wireErrors(
          'UnsupportedOperation',
          `${String(type ?? 'unknown')} not supported through the realtime channel`,
          400,
        ),
      });
  }

  private async open(): Promise<void> {
    try {
      const headers = connectionHeaders(this.request);
      const body = Buffer.from('{}');
      this.caller = await this.dependencies.authenticate({ path: '/graphql/connect', headers, body });
    } catch (error) {
      this.send({ type: 'connection_error', payload: failure(error) });
      this.socket.close(4401);
      return;
    }
    this.send({ type: 'connection_ack', payload: { connectionTimeoutMs: CONNECTION_TIMEOUT_MS } });
    this.send({ type: 'ka' });
    this.keepAlive = setInterval(() => this.send({ type: 'ka' }), KEEP_ALIVE_MS);
    this.keepAlive.unref();
  }

  private async start(id: string, payload: Json): Promise<void> {
    try {
      if (this.active.has(id))
        throw new AwsError('DuplicatedOperationError', `The subscription ${id} exists`, 400);
      if (this.active.size >= MAX_SUBSCRIPTIONS) {
        throw new AwsError(
          'MaxSubscriptionsReachedError',
          `A connection has at most ${MAX_SUBSCRIPTIONS} subscriptions`,
          400,
        );
      }
      // The place is taken before anything is awaited, so that two messages can not share it.
      this.active.set(id, () => {});
      await this.subscribe(id, payload);
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'DuplicatedOperationError')) this.active.delete(id);
      this.send({ type: 'error', id, payload: failure(error) });
    }
  }

  private async subscribe(id: string, payload: Json): Promise<void> {
    const { api, schema, authenticate, subscriptions } = this.dependencies;
    const { data, extensions } = isJsonObject(payload) ? payload : {};
    const authorization = isJsonObject(extensions) ? extensions.authorization : undefined;
    if (typeof data !== 'string' || !isJsonObject(authorization)) {
      throw new AwsError(
        'BadRequestException',
        'A start message needs data and extensions.authorization',
        400,
      );
    }
    const headers = lowerCase(authorization);
    const caller = await authenticate({ path: '/graphql', headers, body: Buffer.from(data) });
    const read = readOperation(api, schema, parseData(data));
    if ('errors' in read) return this.refuse(id, read.errors);
    const { operation } = read;
    if (operation.type !== 'subscription') {
      throw new AwsError(
        'UnsupportedOperation',
        `${operation.type} not supported through the realtime channel`,
        400,
      );
    }
    const request = { operation, caller, headers: headers as Record<string, string> };
    const added = await subscriptions.add(request, {
      event: (event) => this.deliver(id, event),
      invalidated: () =>
        this.finish(id, [
          { errorType: 'SubscriptionInvalidated', message: 'The subscription was invalidated' },
        ]),
    });
    if ('errors' in added) return this.refuse(id, added.errors);
    if (!this.active.has(id) || this.socket.readyState !== this.socket.OPEN) return added.remove();
    const stopTimer = this.atExpiry(caller.expires, () =>
      this.finish(id, [
        { errorType: 'UnauthorizedException', message: 'Token has expired.', errorCode: 401 },
      ]),
    );
    this.active.set(id, () => {
      stopTimer();
      added.remove();
    });
    this.send({ type: 'start_ack', id });
  }

  private refuse(id: string, errors: readonly JsonObject[]): void {
    this.active.delete(id);
    this.send({ type: 'error', id, payload: { errors: [...errors] } });
  }

  private deliver(id: string, payload: JsonObject): void {
    const message = JSON.stringify({ id, type: 'data', payload });
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) {
      // AppSync drops what is too large; the subscriber is not told.
      this.dependencies.context.log({ event: 'appsync.event.too-large', bytes: Buffer.byteLength(message) });
      return;
    }
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(message);
  }

  private stop(id: string): void {
    this.active.get(id)?.();
    this.active.delete(id);
    this.send({ type: 'complete', id });
  }

  /** Ends a subscription from this side. */
  private finish(id: string, errors: JsonObject[]): void {
    this.active.get(id)?.();
    this.active.delete(id);
    this.send({ type: 'error', id, payload: { errors } });
  }

  private atExpiry(expires: number, expire: () => void): () => void {
    if (!Number.isFinite(expires)) return () => {};
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = expires - this.dependencies.context.now().getTime();
      timer = setTimeout(
        () => (left <= LONGEST_TIMER_MS ? expire() : wait()),
        Math.min(Math.max(left, 0), LONGEST_TIMER_MS),
      );
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  }

  private end(): void {
    clearInterval(this.keepAlive);
    for (const remove of this.active.values()) remove();
    this.active.clear();
  }

  private send(message: JsonObject): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

function connectionHeaders(request: IncomingMessage): IncomingHttpHeaders {
  const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(',');
  const protocol = protocols.map((name) => name.trim()).find((name) => name.startsWith('header-'));
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams.get('header');
  const encoded = protocol?.slice('header-'.length) ?? query;
  if (encoded === null || encoded === undefined) {
    throw new AwsError('UnauthorizedException', 'Required headers are missing.', 401);
  }
  try {
    // base64url and base64 alike: Buffer reads both.
    const headers = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Json;
    if (isJsonObject(headers)) return lowerCase(headers);
  } catch {
    // Said below.
  }
  throw new AwsError('BadRequestException', 'The header is not valid JSON in base64.', 400);
}

function lowerCase(headers: JsonObject): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

function parseData(data: string): Json {
  try {
    return JSON.parse(data) as Json;
  } catch {
    throw new AwsError('BadRequestException', 'The data of a start message is not JSON', 400);
  }
}

function failure(error: unknown): JsonObject {
  if (error instanceof AwsError) return wireErrors(error.code, error.message, error.status);
  return wireErrors('InternalFailure', error instanceof Error ? error.message : String(error), 500);
}

function wireErrors(errorType: string, message: string, errorCode: number): JsonObject {
  return { errors: [{ errorType, message, errorCode }] };
}
