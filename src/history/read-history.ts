import type { Conversation } from '../../amplify/core/conversation.ts';
import type { Message } from '../../amplify/core/message.ts';
import type { Api } from '../api/api.ts';

/** A conversation with all its messages, the oldest first. */
export interface History {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
}

/** How far the reading is. */
export interface Progress {
  readonly conversations: number;
  readonly messages: number;
}

type ReadApi = Pick<Api, 'listConversations' | 'listMessages'>;

/** As many as the backend gives in one answer. */
const pageSize = 100;

/**
 * Reads conversations one after the other, as they lie in the tables: the agent may sleep meanwhile. `only`: that one
 * alone. Ends with the signal's reason when it is aborted, and with what kept it from being read.
 */
export async function* readHistory(
  api: ReadApi,
  options: { signal: AbortSignal; only?: Conversation; tell?: (progress: Progress) => void },
): AsyncGenerator<History> {
  const { signal, only, tell } = options;
  const seen = { conversations: 0, messages: 0 };
  for await (const conversation of only ? [only] : conversationsOf(api, signal)) {
    const messages: Message[] = [];
    for (let nextToken: string | null = null; ; ) {
      signal.throwIfAborted();
      const page: Awaited<ReturnType<ReadApi['listMessages']>> = await api.listMessages(
        conversation.id,
        nextToken,
        pageSize,
      );
      messages.push(...page.items);
      seen.messages += page.items.length;
      tell?.({ ...seen });
      nextToken = page.nextToken;
      if (nextToken === null) break;
    }
    seen.conversations += 1;
    tell?.({ ...seen });
    yield { conversation, messages: messages.reverse() };
  }
  signal.throwIfAborted();
}

/** Each once: one that gets a message while it is read moves up in the list. */
async function* conversationsOf(api: ReadApi, signal: AbortSignal): AsyncGenerator<Conversation> {
  const known = new Set<string>();
  for (let nextToken: string | null = null; ; ) {
    signal.throwIfAborted();
    const page: Awaited<ReturnType<ReadApi['listConversations']>> = await api.listConversations(nextToken);
    for (const conversation of page.items) {
      if (known.has(conversation.id)) continue;
      known.add(conversation.id);
      yield conversation;
    }
    nextToken = page.nextToken;
    if (nextToken === null) return;
  }
}
