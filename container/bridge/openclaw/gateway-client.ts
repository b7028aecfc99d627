import type { ConnectParams, ErrorShape, HelloOk } from '@openclaw/gateway-protocol';

/** The gateway answered a request with an error. */
export class GatewayError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  constructor(method: string, error: Pick<ErrorShape, 'code' | 'message' | 'retryable'>) {
    super(`${method}: ${error.code} ${error.message}`);
    this.name = 'GatewayError';
    this.code = error.code;
    this.retryable = error.retryable ?? false;
  }
}

export interface GatewayEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own payload; readers check what they use
  readonly payload: any;
}

export interface GatewayClient {
  // biome-ignore lint/suspicious/noExplicitAny: each method has its own result; callers check what they use
  request(method: string, params?: Readonly<Record<string, unknown>>): Promise<any>;
  /** Returns a function that stops listening. */
  onEvent(listener: (event: GatewayEvent) => void): () => void;
  readonly closed: Promise<string>;
  close(): void;
}

const requestTimeout = 30_000;

type Frame =
  | { type: 'event'; event: string; payload: unknown }
  | { type: 'res'; id: string; ok: boolean; payload?: unknown; error?: ErrorShape };

/**
 * Connects to OpenClaw's gateway (WebSocket, protocol 4) on loopback as the backend client, which needs no pairing.
 * Resolves after `hello-ok`. Rejects when the socket fails or the gateway refuses; the caller tries again while it boots.
 */
export function connectGateway(port: number, token: string): Promise<GatewayClient> {
  const { promise, resolve, reject } = Promise.withResolvers<GatewayClient>();
  const closed = Promise.withResolvers<string>();
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const pending = new Map<
    string,
    { resolve: (value: unknown) => void; reject: (error: Error) => void; method: string }
  >();
  const listeners = new Set<(event: GatewayEvent) => void>();
  let count = 0;

  const request = (method: string, params: Readonly<Record<string, unknown>> = {}) => {
    const id = `r${++count}`;
    const answer = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      pending.delete(id);
      answer.reject(
        new GatewayError(method, { code: 'TIMEOUT', message: `no answer in ${requestTimeout} ms` }),
      );
    }, requestTimeout);
    pending.set(id, { ...answer, method });
    if (socket.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify({ type: 'req', id, method, params }));
    else
      answer.reject(
        new GatewayError(method, { code: 'CLOSED', message: 'the gateway is gone', retryable: true }),
      );
    return answer.promise.finally(() => {
      clearTimeout(timer);
      pending.delete(id);
    });
  };
  const client: GatewayClient = {
    request,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closed: closed.promise,
    close: () => socket.close(),
  };
  const end = (reason: string) => {
    for (const { reject: fail, method } of pending.values()) {
      fail(new GatewayError(method, { code: 'CLOSED', message: reason, retryable: true }));
    }
    closed.resolve(reason);
    reject(new Error(`The gateway closed the connection: ${reason}`));
  };
  socket.addEventListener('error', () => end('socket error'));
  socket.addEventListener('close', ({ code, reason }) => end(`${code} ${reason}`.trim()));
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.type === 'res') {
      const waiting = pending.get(frame.id);
      if (frame.ok) waiting?.resolve(frame.payload);
      else waiting?.reject(new GatewayError(waiting.method, frame.error ?? { code: 'UNKNOWN', message: '' }));
    } else if (frame.type === 'event' && frame.event === 'connect.challenge') {
      const hello: ConnectParams = {
        minProtocol: 4,
        maxProtocol: 4,
        client: { id: 'gateway-client', version: '1.0.0', platform: process.platform, mode: 'backend' },
        role: 'operator',
        scopes: ['operator.read', 'operator.write', 'operator.approvals', 'operator.admin'],
        caps: ['tool-events', 'approvals', 'exec-approvals'],
        auth: { token },
      };
      (request('connect', { ...hello }) as Promise<HelloOk>).then(() => resolve(client), reject);
    } else if (frame.type === 'event') {
      for (const listener of [...listeners]) listener({ event: frame.event, payload: frame.payload });
    }
  });
  return promise;
}
