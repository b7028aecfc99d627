import * as z from 'zod';
import type { Event } from '../../amplify/core/event.ts';
import type { Api } from '../api/api.ts';
import { codeOf } from '../api/api-error.ts';
import { createStore, type Store } from '../chat/store.ts';
import type { LocalStore } from '../session/local-store.ts';

/** How long a deletion can be taken back, ms. */
export const undoFor = 7000;

const name = 'deleting';

/** Conversations that are hidden and will be deleted soon, unless that is taken back. */
export interface Deletions {
  /** Ids of what is hidden. */
  hidden: Store<ReadonlySet<string>>;
  /** Why the last one could not be deleted; it is shown again. */
  failed: Store<unknown>;
  add(id: string): void;
  undo(id: string): void;
  close(): void;
}

interface DeletionPorts {
  api: Pick<Api, 'deleteConversation'>;
  local: LocalStore;
  after(ms: number, call: () => void): () => void;
  onEvent(event: Event): void;
}

/** Deletes after a while. What was to be deleted when the page was closed is deleted when it is opened again. */
export function createDeletions({ api, local, after, onEvent }: DeletionPorts): Deletions {
  const left = z.array(z.string()).catch([]).parse(local.read(name));
  const hidden = createStore<ReadonlySet<string>>(new Set(left));
  const failed = createStore<unknown>(null);
  const timers = new Map<string, () => void>();

  const change = (edit: (ids: Set<string>) => void) => {
    hidden.set((before) => {
      const next = new Set(before);
      edit(next);
      return next;
    });
    local.write(name, [...hidden.get()]);
  };
  const remove = async (id: string) => {
    timers.delete(id);
    try {
      onEvent(await api.deleteConversation(id));
    } catch (error) {
      if (codeOf(error) !== 'conversation.not_found') failed.set(() => error);
    }
    change((ids) => ids.delete(id));
  };
  const soon = (id: string) =>
    timers.set(
      id,
      after(undoFor, () => void remove(id)),
    );
  for (const id of left) soon(id);

  return {
    hidden,
    failed,
    add: (id) => {
      change((ids) => ids.add(id));
      soon(id);
    },
    undo: (id) => {
      timers.get(id)?.();
      timers.delete(id);
      change((ids) => ids.delete(id));
    },
    close: () => {
      for (const forget of timers.values()) forget();
    },
  };
}
