import { Amplify } from 'aws-amplify';
import { signIn } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { ConsoleLogger } from 'aws-amplify/utils';
import { type Event, fromWire } from '../../amplify/core/event.ts';
import { realtimeUrl } from '../../container/bridge/appsync/realtime-url.ts';

/** Somebody at the web app of a deployment, without the page. */
export interface Person {
  /** Everything that was heard since the subscription stood. */
  readonly heard: readonly Event[];
  /** Asks the API. Gives `data` and the errors' types and messages. */
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Resolves with the first event that `is` takes, heard already or not. Rejects after `ms`, naming what was waited for. */
  hears(what: string, is: (event: Event) => boolean, ms: number): Promise<Event>;
  leave(): void;
}

interface Answer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly string[];
}

const eventFields = '{ owner kind conversationId messageId body }';

/** The library knows one person at a time: each signs in alone, into a memory of their own. */
async function tokenOf(config: Record<string, unknown>, username: string, password: string): Promise<string> {
  // It warns of every endpoint that is not AWS's own.
  ConsoleLogger.LOG_LEVEL = 'ERROR';
  Amplify.configure(config);
  const values = new Map<string, string>();
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void values.set(key, value),
    getItem: async (key) => values.get(key) ?? null,
    removeItem: async (key) => void values.delete(key),
    clear: async () => values.clear(),
  });
  await signIn({ username, password });
  const tokens = await cognitoUserPoolsTokenProvider.getTokens();
  if (!tokens) throw new Error(`${username} signed in without a token`);
  return tokens.accessToken.toString();
}

/** Signs somebody in by SRP and subscribes. `config`: what amplify_outputs.json says. */
export async function person(
  config: Record<string, unknown>,
  url: string,
  { username, password }: { username: string; password: string },
): Promise<Person> {
  const token = await tokenOf(config, username, password);
  const heard: Event[] = [];
  const listeners = new Set<(event: Event) => void>();
  const socket = await subscribe(url, token, (event) => {
    heard.push(event);
    for (const listener of [...listeners]) listener(event);
  });
  return {
    heard,
    async ask(query, variables = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: token },
        body: JSON.stringify({ query, variables }),
      });
      const { data = null, errors = [] } = (await response.json()) as {
        data?: Answer['data'];
        errors?: { errorType?: string; message?: string }[];
      };
      return { data, errors: errors.map(({ errorType, message }) => `${errorType}: ${message}`) };
    },
    hears(what, is, ms) {
      const { promise, resolve, reject } = Promise.withResolvers<Event>();
      const listener = (event: Event) => void (is(event) && resolve(event));
      for (const event of heard) listener(event);
      listeners.add(listener);
      const timer = setTimeout(() => reject(new Error(`waited ${ms / 1000} s in vain for ${what}`)), ms);
      return promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(listener);
      });
    },
    leave: () => socket.close(),
  };
}

/** https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html */
function subscribe(url: string, token: string, onEvent: (event: Event) => void): Promise<WebSocket> {
  const header = { host: new URL(url).host, Authorization: token };
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
  const socket = new WebSocket(realtimeUrl(url), ['graphql-ws', `header-${encoded}`]);
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the subscription failed')));
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as { type: string; payload?: { data?: { onEvent: unknown } } };
      if (frame.type === 'connection_ack') {
        const body = JSON.stringify({ query: `subscription { onEvent ${eventFields} }`, variables: {} });
        const payload = { data: body, extensions: { authorization: header } };
        socket.send(JSON.stringify({ id: 'events', type: 'start', payload }));
      } else if (frame.type === 'start_ack') resolve(socket);
      else if (frame.type === 'data') onEvent(fromWire(frame.payload?.data?.onEvent));
      else if (frame.type === 'error' || frame.type === 'connection_error')
        reject(new Error(`the subscription was refused: ${String(data).slice(0, 300)}`));
    });
  });
}
