import type { LocalStore } from '../session/local-store.ts';

/** The text that stands unsent in a composer, by conversation. */
export interface Drafts {
  load(conversationId: string | null): string;
  save(conversationId: string | null, text: string): void;
}

const nameOf = (conversationId: string | null) => `draft.${conversationId ?? 'new'}`;

/** Keeps drafts in this browser. `null` is the conversation that has not begun. */
export function createDrafts(store: LocalStore): Drafts {
  return {
    load: (conversationId) => {
      const text = store.read(nameOf(conversationId));
      return typeof text === 'string' ? text : '';
    },
    save: (conversationId, text) => {
      if (text === '') store.remove(nameOf(conversationId));
      else store.write(nameOf(conversationId), text);
    },
  };
}
