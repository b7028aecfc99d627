import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, errorCodeOf } from '../../amplify/core/error.ts';
import { type Event, fromWire } from '../../amplify/core/event.ts';
import type { MessageKey } from '../../amplify/core/message-row.ts';
import type { Settings } from '../../amplify/core/settings.ts';
import type { Session } from './sign-in.ts';

/** What became of a call: done, or refused with a code. */
export type Reply = 'accepted' | ErrorCode;

/** A person at the web app: sends until it is answered, as the app's outbox does, and hears every event. */
export interface User {
  readonly owner: string;
  newConversation(id: string): Promise<void>;
  send(key: MessageKey, text: string): Promise<Reply>;
  retry(key: MessageKey, attempt: number): Promise<Reply>;
  stop(key: MessageKey): Promise<Reply>;
  saveSettings(settings: Settings): Promise<void>;
  onEvent(listener: (event: Event) => void): void;
  leave(): void;
}

const eventFields = '{ owner kind conversationId messageId body }';
const tries = 40;
const pause = 250;

/** Codes of faults that another try may find gone; every other code is the app's last word. */
const passing: readonly ErrorCode[] = ['internal'];

interface Answer {
  readonly errors?: readonly { errorType?: string | null; message?: string | null }[];
}

/** Connects a signed-in account; resolves when its subscription stands. */
export async function connectUser(url: string, { owner, token }: Session): Promise<User> {
  const listeners: ((event: Event) => void)[] = [];
  const socket = await subscribe(url, token, (event) => {
    for (const listener of listeners) listener(event);
  });

  async function ask(query: string, variables: Readonly<Record<string, unknown>>): Promise<Reply> {
    for (let n = 1; ; n += 1) {
      const reply = await askOnce(query, variables);
      if (reply === 'accepted' || !passing.includes(reply) || n === tries) return reply;
      await delay(pause);
    }
  }

  async function askOnce(query: string, variables: Readonly<Record<string, unknown>>): Promise<Reply> {
    let answer: Answer;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: token },
        body: JSON.stringify({ query, variables }),
      });
      answer = (await response.json()) as Answer;
    } catch {
      return 'internal';
    }
    const [error] = answer.errors ?? [];
    if (!error) return 'accepted';
    const [type, message] = [error.errorType ?? '', error.message ?? ''].map(errorCodeOf);
    return type && type !== 'internal' ? type : (message ?? 'internal');
  }

  const must = async (query: string, variables: Readonly<Record<string, unknown>>) => {
    const reply = await ask(query, variables);
    if (reply !== 'accepted') throw new Error(`${query} was refused: ${reply}`);
  };

  return {
    owner,
    newConversation: (id) =>
      must(`mutation ($id: String!) { createConversation(id: $id, title: "") ${eventFields} }`, { id }),
    send: ({ conversationId, id }, text) =>
      ask(
        'mutation ($conversationId: String!, $id: String!, $text: String!) { sendMessage(conversationId: $conversationId, id: $id, text: $text) }',
        { conversationId, id, text },
      ),
    retry: ({ conversationId, id }, attempt) =>
      ask(
        'mutation ($conversationId: String!, $id: String!, $attempt: Int!) { retryMessage(conversationId: $conversationId, id: $id, attempt: $attempt) }',
        { conversationId, id, attempt },
      ),
    stop: ({ conversationId, id }) =>
      ask(
        `mutation ($conversationId: String!, $id: String!) { stopMessage(conversationId: $conversationId, id: $id) ${eventFields} }`,
        { conversationId, id },
      ),
    saveSettings: (settings) =>
      must(
        `mutation ($settings: AWSJSON!) { saveSettings(settings: $settings, revision: 0) ${eventFields} }`,
        { settings: JSON.stringify(settings) },
      ),
    onEvent: (listener) => void listeners.push(listener),
    leave: () => socket.close(),
  };
}

/** AppSync's real-time protocol, https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html. */
function subscribe(url: string, token: string, onEvent: (event: Event) => void): Promise<WebSocket> {
  const header = { host: new URL(url).host, Authorization: token };
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/realtime`, [
    'graphql-ws',
    `header-${Buffer.from(JSON.stringify(header)).toString('base64url')}`,
  ]);
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
