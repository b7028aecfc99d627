import type { Connection } from './graphql.ts';

/**
 * One subscription over one WebSocket, as AppSync speaks it
 * (AWS AppSync developer guide, "Building a real-time WebSocket client").
 */
export interface SubscriptionHandlers {
  onReady(): void;
  onData(data: Record<string, unknown>): void;
  /** Called once, when the subscription has ended for whatever reason but `close`. */
  onLost(reason: string): void;
}

/** Opens a WebSocket; the browser's own outside tests. */
export type OpenSocket = (url: string, protocols: string[]) => WebSocket;

/** AppSync sends a keep-alive every minute: after two that are missing the connection is dead. */
const silence = 130_000;
/** From opening to `start_ack`. */
const readyWithin = 15_000;

const appsyncHost = /^([^.]+)\.appsync-api\.([^.]+\.amazonaws\.com(?:\.cn)?)$/;

/** Where a GraphQL endpoint takes subscriptions: AWS's own hosts have a second name, others a second path. */
export function realtimeUrl(endpoint: string): string {
  const url = new URL(endpoint);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  if (appsyncHost.test(url.hostname))
    url.hostname = url.hostname.replace(appsyncHost, '$1.appsync-realtime-api.$2');
  else url.pathname = `${url.pathname.replace(/\/$/, '')}/realtime`;
  return url.href;
}

const base64url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

interface Frame {
  type: string;
  payload?: { data?: Record<string, unknown>; errors?: { errorType?: string; message?: string }[] };
}

/** Subscribes once. Gives a way to close it and the time of the last sign of life (ms since 1970). */
export function subscribe(
  connection: Connection,
  document: string,
  handlers: SubscriptionHandlers,
  openSocket: OpenSocket = (url, protocols) => new WebSocket(url, protocols),
): { close(): void; lastSign(): number } {
  let socket: WebSocket | null = null;
  let ended = false;
  let lastSign = Date.now();
  let deadline: ReturnType<typeof setTimeout>;

  const end = (reason: string | null) => {
    if (ended) return;
    ended = true;
    clearTimeout(deadline);
    socket?.close();
    if (reason !== null) handlers.onLost(reason);
  };
  const within = (ms: number, reason: string) => {
    clearTimeout(deadline);
    deadline = setTimeout(() => end(reason), ms);
  };

  const onFrame = (frame: Frame, authorization: object) => {
    const send = (value: object) => socket?.send(JSON.stringify(value));
    if (frame.type === 'connection_ack') {
      const data = JSON.stringify({ query: document, variables: {} });
      send({ id: '1', type: 'start', payload: { data, extensions: { authorization } } });
    } else if (frame.type === 'start_ack') {
      within(silence, 'silence');
      handlers.onReady();
    } else if (frame.type === 'ka') within(silence, 'silence');
    else if (frame.type === 'data') {
      within(silence, 'silence');
      if (frame.payload?.data) handlers.onData(frame.payload.data);
    } else if (frame.type.endsWith('error')) {
      end(frame.payload?.errors?.[0]?.errorType ?? frame.type);
    } else if (frame.type === 'complete') end('complete');
  };

  const open = async () => {
    const authorization = {
      host: new URL(connection.endpoint).host,
      Authorization: await connection.token(),
    };
    if (ended) return;
    socket = openSocket(realtimeUrl(connection.endpoint), [
      'graphql-ws',
      `header-${base64url(JSON.stringify(authorization))}`,
    ]);
    socket.onopen = () => socket?.send(JSON.stringify({ type: 'connection_init' }));
    socket.onclose = ({ code }) => end(`closed ${code}`);
    socket.onmessage = ({ data }) => {
      if (ended) return;
      lastSign = Date.now();
      onFrame(JSON.parse(String(data)) as Frame, authorization);
    };
  };

  within(readyWithin, 'no answer');
  open().catch((error: unknown) => end(error instanceof Error ? error.name : 'failed'));
  return { close: () => end(null), lastSign: () => lastSign };
}
