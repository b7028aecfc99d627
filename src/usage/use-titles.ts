import { useEffect } from 'react';
import type { MonthUsage } from '../../amplify/core/usage.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';

/** Titles of the conversations that cost something. Those that are not listed yet are read. */
export function useTitles({ conversations: paid }: MonthUsage): (id: string) => string {
  const { conversations: texts, usage } = useTexts();
  const { sync } = useWorkspace();
  const { byId, loaded, more } = useChat((state) => state.conversations);
  const isMissing = loaded && more !== null && paid.some(({ conversationId: id }) => !byId.has(id));
  useEffect(() => {
    // Without its title a row still has its cost.
    if (isMissing) sync.readAllConversations().catch(() => {});
  }, [sync, isMissing]);
  return (id) => {
    const known = byId.get(id);
    if (known) return known.value.title || texts.untitled;
    return loaded && more === null ? usage.deleted : '…';
  };
}
