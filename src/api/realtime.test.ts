import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepSubscribed } from './event-stream.ts';
import { realtimeUrl, subscribe } from './realtime.ts';

const endpoint = 'https://abc.appsync-api.eu-west-1.amazonaws.com/graphql';
const connection = { endpoint, token: async () => 'a-token' };
const document = 'subscription { onEvent { owner } }';

/** A WebSocket that is played by hand. */
class Socket {
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  sent: { type: string; payload?: { data: string } }[] = [];
  closed = false;
  readonly url: string;
  readonly protocols: string[];
  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  get(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  accept() {
    this.onopen?.();
    this.get({ type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } });
    this.get({ type: 'start_ack', id: '1' });
  }
}

const sockets: Socket[] = [];
const openSocket = (url: string, protocols: string[]) => {
  const socket = new Socket(url, protocols);
  sockets.push(socket);
  return socket as unknown as WebSocket;
};
const last = () => sockets.at(-1) as Socket;

/** Notes what is told, in words. */
function listener() {
  const told: string[] = [];
  return {
    told,
    onReady: () => told.push('ready'),
    onConnected: () => told.push('connected'),
    onDisconnected: () => told.push('disconnected'),
    onData: (data: object) => told.push(JSON.stringify(data)),
    onLost: (reason: string) => told.push(`lost: ${reason}`),
  };
}

beforeEach(() => {
  sockets.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('where subscriptions go', () => {
  test.each([
    [endpoint, 'wss://abc.appsync-realtime-api.eu-west-1.amazonaws.com/graphql'],
    ['https://api.example.com/graphql', 'wss://api.example.com/graphql/realtime'],
    ['http://127.0.0.1:4000/graphql', 'ws://127.0.0.1:4000/graphql/realtime'],
  ])('for %s is %s', (from, to) => expect(realtimeUrl(from)).toBe(to));
});

describe('a subscription', () => {
  test('is opened as AppSync wants it, with the token in the protocol and in the start', async () => {
    const handlers = listener();
    subscribe(connection, document, handlers, openSocket);
    await vi.advanceTimersByTimeAsync(0);
    const [protocol, header] = last().protocols;
    expect(protocol).toBe('graphql-ws');
    const authorization = { host: 'abc.appsync-api.eu-west-1.amazonaws.com', Authorization: 'a-token' };
    expect(JSON.parse(atob((header ?? '').slice('header-'.length)))).toEqual(authorization);
    last().accept();
    expect(last().sent).toMatchObject([
      { type: 'connection_init' },
      { type: 'start', id: '1', payload: { extensions: { authorization } } },
    ]);
    expect(JSON.parse(last().sent[1]?.payload?.data ?? '')).toEqual({ query: document, variables: {} });
    last().get({ type: 'data', id: '1', payload: { data: { onEvent: 1 } } });
    expect(handlers.told).toEqual(['ready', '{"onEvent":1}']);
  });

  test('that is refused, ends or falls silent is told as lost, once', async () => {
    for (const end of [
      () =>
        last().get({
          type: 'connection_error',
          payload: { errors: [{ errorType: 'UnauthorizedException' }] },
        }),
      () =>
        last().get({ type: 'error', payload: { errors: [{ errorType: 'MaxSubscriptionsReachedError' }] } }),
      () => last().onclose?.({ code: 1006 }),
      () => vi.advanceTimersByTime(140_000),
    ]) {
      const handlers = listener();
      subscribe(connection, document, handlers, openSocket);
      await vi.advanceTimersByTimeAsync(0);
      last().accept();
      end();
      expect(handlers.told).toHaveLength(2);
      last().onclose?.({ code: 1000 });
      expect(handlers.told.filter((line) => line.startsWith('lost'))).toHaveLength(1);
      expect(last().closed).toBe(true);
    }
  });

  test('lives as long as keep-alives come', async () => {
    const handlers = listener();
    subscribe(connection, document, handlers, openSocket);
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    for (let minute = 0; minute < 10; minute += 1) {
      vi.advanceTimersByTime(60_000);
      last().get({ type: 'ka' });
    }
    expect(handlers.told).toEqual(['ready']);
  });

  test('that nobody answers is given up', async () => {
    const handlers = listener();
    subscribe({ endpoint, token: () => new Promise(() => {}) }, document, handlers, openSocket);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(handlers.told).toEqual(['lost: no answer']);
  });

  test('that was closed says nothing more', async () => {
    const handlers = listener();
    const subscription = subscribe(connection, document, handlers, openSocket);
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    subscription.close();
    last().get({ type: 'data', payload: { data: {} } });
    last().onclose?.({ code: 1000 });
    expect(handlers.told).toEqual(['ready']);
  });
});

describe('a stream that is kept up', () => {
  const open = () => {
    const handlers = listener();
    const stream = keepSubscribed((inner) => subscribe(connection, document, inner, openSocket), handlers);
    return { handlers, stream };
  };

  test('comes back soon after it was lost, and says so', async () => {
    const { handlers } = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(500);
    last().accept();
    expect(sockets).toHaveLength(2);
    expect(handlers.told).toEqual(['connected', 'disconnected', 'connected']);
  });

  test('asks ever more seldom while nobody answers, but never stops', async () => {
    const { stream } = open();
    await vi.advanceTimersByTimeAsync(0);
    const waits: number[] = [];
    for (let failure = 0; failure < 10; failure += 1) {
      const count = sockets.length;
      last().onclose?.({ code: 1006 });
      let waited = 0;
      for (; sockets.length === count; waited += 100) await vi.advanceTimersByTimeAsync(100);
      waits.push(waited);
    }
    expect(waits[0]).toBeLessThan(1000);
    expect(waits.at(-1)).toBeGreaterThan(20_000);
    expect(Math.max(...waits)).toBeLessThan(40_000);

    last().onclose?.({ code: 1006 });
    stream.checkNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(12);
  });

  test('does not trust a connection that slept with the device', async () => {
    const { stream, handlers } = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    await vi.advanceTimersByTimeAsync(90_000);
    stream.checkNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
    last().accept();
    expect(handlers.told).toEqual(['connected', 'disconnected', 'connected']);
  });

  test('leaves a living connection alone, and ends when it is closed', async () => {
    const { stream } = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    stream.checkNow();
    stream.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
  });
});
