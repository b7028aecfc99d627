import * as z from 'zod';
import { attachment } from '../../amplify/core/attachment.ts';
import { ownModel } from '../../amplify/core/conversation.ts';
import { errorCodes } from '../../amplify/core/error.ts';
import type { LocalStore } from '../session/local-store.ts';

/** A message that the backend has not acknowledged yet. */
const outgoing = z.object({
  conversationId: z.string(),
  /** The message's key: a resend under it is the same message. */
  id: z.string(),
  text: z.string(),
  /** Files that are uploaded already. */
  attachments: z.array(attachment).optional(),
  /** ISO 8601; when it was written, by this device. */
  writtenAt: z.string(),
  /** The title of the conversation that must be made first. */
  begin: z.string().optional(),
  /** The model that it then has of its own. */
  beginModel: ownModel.optional(),
  /** Why the backend refused it; it is not sent again by itself then. */
  refused: z.enum(errorCodes).optional(),
  /** When it may be sent again (ISO 8601), where the backend said so. */
  retryAt: z.string().optional(),
});
export type Outgoing = z.infer<typeof outgoing>;

const name = 'outbox';

/** The list as it lies in the browser, which several tabs read and write. */
export interface OutboxStore {
  read(): readonly Outgoing[];
  change(change: (entries: readonly Outgoing[]) => readonly Outgoing[]): void;
  /** Called after a change here or in another tab. */
  subscribe(listener: () => void): () => void;
}

/** Keeps the list in `store`; what cannot be stored (no room) lives as long as the page. */
export function createOutboxStore(store: LocalStore, events: EventTarget): OutboxStore {
  const listeners = new Set<() => void>();
  const parse = (value: unknown) =>
    z
      .array(outgoing)
      .catch([])
      .parse(value ?? []);
  let entries: readonly Outgoing[] = parse(store.read(name));
  let kept = true;

  events.addEventListener('storage', (event) => {
    if ((event as StorageEvent).key !== store.keyOf(name)) return;
    entries = parse(store.read(name));
    for (const listener of listeners) listener();
  });

  return {
    read: () => entries,
    change: (change) => {
      entries = change(kept ? parse(store.read(name)) : entries);
      kept = store.write(name, entries);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
