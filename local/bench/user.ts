import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { confirmSignUp, signIn, signOut, signUp } from 'aws-amplify/auth';
import { type Event, fromWire } from '../../amplify/core/event.ts';
import { newId } from '../../amplify/core/message-id.ts';
import type { Settings } from '../../amplify/core/settings.ts';

/** A person at the web app, without the page: the same client library, over the same wire. */
export interface User {
  newConversation(): Promise<string>;
  /** Resolves when the message was accepted; gives its id. */
  send(conversationId: string, text: string): Promise<string>;
  saveSettings(settings: Settings): Promise<void>;
  onEvent(listener: (event: Event) => void): () => void;
  leave(): Promise<void>;
}

const client = generateClient({ authMode: 'userPool' });

async function ask(query: string, variables: Record<string, string | number>): Promise<unknown> {
  const answer = (await client.graphql({ query, variables })) as { data: unknown };
  return answer.data;
}

/** aws-amplify takes every endpoint for TLS; the local cloud has none. */
function speakPlainToLoopback(): void {
  const Plain = globalThis.WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(String(url).replace(/^wss:\/\/(127\.0\.0\.1|localhost)\b/, 'ws://$1'), protocols);
    }
  };
}

/** Signs a new account up and in. `codeFor` gives the confirmation code that was mailed to an address. */
export async function signInNewUser(input: {
  config: Record<string, unknown>;
  codeFor: (email: string) => Promise<string>;
}): Promise<User> {
  Amplify.configure(input.config);
  speakPlainToLoopback();
  const username = `bench-${newId()}@example.com`;
  const password = `Aa1!${newId()}`;
  await signUp({ username, password, options: { userAttributes: { email: username } } });
  await confirmSignUp({ username, confirmationCode: await input.codeFor(username) });
  await signIn({ username, password });

  const listeners = new Set<(event: Event) => void>();
  const stream = client.graphql({
    query: 'subscription { onEvent { owner kind conversationId messageId body } }',
  }) as unknown as {
    subscribe(observer: {
      next: (value: { data: { onEvent: unknown } }) => void;
      error: (error: unknown) => void;
    }): { unsubscribe(): void };
  };
  const subscription = stream.subscribe({
    next: ({ data }) => {
      const event = fromWire(data.onEvent);
      for (const listener of [...listeners]) listener(event);
    },
    error: (error) => {
      throw new Error(`the subscription failed: ${JSON.stringify(error)}`);
    },
  });

  return {
    async newConversation() {
      const id = newId();
      await ask(
        'mutation ($id: String!) { createConversation(id: $id, title: "") { owner kind conversationId messageId body } }',
        { id },
      );
      return id;
    },
    async send(conversationId, text) {
      const id = newId();
      await ask(
        'mutation ($conversationId: String!, $id: String!, $text: String!) { sendMessage(conversationId: $conversationId, id: $id, text: $text) }',
        { conversationId, id, text },
      );
      return id;
    },
    async saveSettings(settings) {
      const { settings: saved } = (await ask('query { settings }', {})) as { settings: string };
      const { revision } = JSON.parse(saved) as { revision: number };
      await ask(
        'mutation ($settings: AWSJSON!, $revision: Int!) { saveSettings(settings: $settings, revision: $revision) { owner kind conversationId messageId body } }',
        { settings: JSON.stringify(settings), revision },
      );
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async leave() {
      subscription.unsubscribe();
      await signOut();
    },
  };
}
