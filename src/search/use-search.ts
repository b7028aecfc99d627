import { useEffect, useState } from 'react';
import type { Conversation } from '../../amplify/core/conversation.ts';
import { orderedConversations } from '../conversations/conversations.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { type Found, searchMessages } from './search.ts';

/** Typing is over after this, ms: each search costs reads. */
const pause = 300;

interface SearchResult extends Omit<Found, 'state'> {
  titles: readonly Conversation[];
  state: Found['state'] | 'failed';
}

const holds = (title: string, text: string): boolean => title.toLowerCase().includes(text.toLowerCase());

/** Searches titles at once and messages once typing pauses. `text`: trimmed, not empty. */
export function useSearch(text: string): SearchResult {
  const { api, sync } = useWorkspace();
  const known = useChat((state) => state.conversations);
  const [found, setFound] = useState<{ text: string } & Pick<SearchResult, 'hits' | 'state'>>({
    text: '',
    hits: [],
    state: 'searching',
  });

  useEffect(() => {
    const stop = new AbortController();
    const search = async () => {
      try {
        await sync.readAllConversations();
        const all = [...sync.chat.get().conversations.byId.values()].map(({ value }) => value);
        if (stop.signal.aborted) return;
        await searchMessages(api, all, text, (next) => setFound({ text, ...next }), stop.signal);
      } catch {
        if (!stop.signal.aborted) setFound((before) => ({ ...before, text, state: 'failed' }));
      }
    };
    const timer = setTimeout(search, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [api, sync, text]);

  const titles = orderedConversations(known).filter(({ title }) => holds(title, text));
  if (found.text !== text) return { titles, hits: [], state: 'searching' };
  return { titles, hits: found.hits, state: found.state };
}
