import { newsKey } from '../../amplify/core/news.ts';
import { createStore, type Store } from '../chat/store.ts';
import type { Sync } from '../chat/sync.ts';
import { type News, newsIn } from './news.ts';
import type { PageView } from './page-view.ts';

/** Knows which answers, and which questions for a word, came while nobody looked at their conversation. */
export interface Attention {
  /** How many, by conversation. */
  unseen: Store<ReadonlyMap<string, number>>;
  /** Tells of each when it comes, once on this page; the first to listen, of what came before. Gives a way to stop. */
  listen(tell: (message: News) => void): () => void;
  close(): void;
}

/** What one page tells the user's others: the conversation is looked at; `key`: what came was seen as it came. */
interface Seen {
  conversationId: string;
  key?: string;
}

interface AttentionPorts {
  sync: Pick<Sync, 'listen'>;
  page: PageView;
  /** Reaches the user's other tabs. */
  tabs: BroadcastChannel;
  /** A conversation is looked at: what told of it has done its work. */
  onSeen(conversationId: string): void;
}

export function createAttention({ sync, page, tabs, onSeen }: AttentionPorts): Attention {
  const unseen = createStore<ReadonlyMap<string, number>>(new Map());
  const listeners = new Set<(message: News) => void>();
  /** What was told, or seen in another tab. */
  const handled = new Set<string>();
  /** Came before anyone listened: what tells a person is loaded after the page. */
  let early: News[] = [];
  const tellTabs = (seen: Seen) => tabs.postMessage(seen);
  const lookedAt = () => (page.isVisible() ? page.conversation() : null);

  const clear = (conversationId: string) =>
    unseen.set((all) => {
      if (!all.has(conversationId)) return all;
      const rest = new Map(all);
      rest.delete(conversationId);
      return rest;
    });

  const take = (message: News) => {
    const key = newsKey(message);
    if (handled.has(key)) return;
    handled.add(key);
    const { conversationId } = message;
    if (lookedAt() === conversationId) return tellTabs({ conversationId, key });
    unseen.set((all) => new Map(all).set(conversationId, (all.get(conversationId) ?? 0) + 1));
    if (listeners.size === 0) early.push(message);
    for (const tell of [...listeners]) tell(message);
  };

  const stopListening = sync.listen((action, before) => {
    for (const message of newsIn(before, action)) take(message);
    if (action.kind === 'event' && action.event.kind === 'conversation.deleted') {
      clear(action.event.conversationId);
    }
  });

  const look = () => {
    const conversationId = lookedAt();
    if (conversationId === null) return;
    onSeen(conversationId);
    if (!unseen.get().has(conversationId)) return;
    clear(conversationId);
    tellTabs({ conversationId });
  };
  const stopWatching = page.watch(look);
  look();

  tabs.onmessage = ({ data }: MessageEvent<Seen>) => {
    const { conversationId, key } = data;
    if (key !== undefined) handled.add(key);
    clear(conversationId);
  };

  return {
    unseen,
    listen: (tell) => {
      listeners.add(tell);
      const missed = early;
      early = [];
      for (const message of missed) if (unseen.get().has(message.conversationId)) tell(message);
      return () => listeners.delete(tell);
    },
    close: () => {
      stopListening();
      stopWatching();
      tabs.close();
    },
  };
}
