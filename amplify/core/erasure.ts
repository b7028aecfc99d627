/**
 * What is deleted is erased in the background: at once what can be, and for good once nothing that was begun before the
 * deletion can still write. Until then a mark stands, which the sweeper works off however often a function dies.
 */

import type { OwnedModel, RowKey } from './owned.ts';

/** The one partition of the sparse indexes byErasure. */
export const erasureShard = 'erasure';

/**
 * For so long after a deletion something that was begun before it may still write, milliseconds: URLs to put files live
 * 15 minutes, functions and tasks that are being stopped less.
 */
export const settleMs = 20 * 60_000;

/** An access token is good for an hour, also when its account is gone: for so long somebody may still write with it. */
export const accountSettleMs = 65 * 60_000;

/** What is still running when it is looked at again is given so long to end, milliseconds. */
export const againMs = 5 * 60_000;

/**
 * A deleted conversation is remembered by its id for so long, milliseconds: a device that was away may still hold a
 * message for it, and must not make it anew; an agent that slept since then still remembers it, and must forget it.
 */
export const tombstoneMs = 365 * 24 * 60 * 60_000;

/** What is to be erased: a conversation of an owner, or without one all that the owner has. */
export interface Erasure {
  owner: string;
  conversationId?: string | undefined;
}
export type ConversationErasure = Required<Erasure> & { conversationId: string };

/** Marks of deleted conversations that are still to be erased. */
export interface ErasureStore {
  /** Marks that are due at a time (index: may lag), oldest first. */
  due(now: number, limit: number): Promise<readonly ConversationErasure[]>;
  /** When a conversation was deleted; null when it was not, or is erased already. */
  deletedAt(erasure: ConversationErasure): Promise<string | null>;
  /** Has it looked at again at a time, milliseconds since 1970. */
  postpone(erasure: ConversationErasure, until: number): Promise<void>;
  /** Nothing is left of it. That it was deleted is remembered until `expiresAt`, seconds since 1970. */
  close(erasure: ConversationErasure, expiresAt: number): Promise<void>;
}

/** An owner wants all that they have to be erased. */
export interface OwnerMark {
  /** ISO 8601. */
  since: string;
  /** The account goes, too. */
  takesAccount: boolean;
}

/** Marks of owners, in the place of their settings. */
export interface OwnerErasureStore {
  due(now: number, limit: number): Promise<readonly string[]>;
  get(owner: string): Promise<OwnerMark | null>;
  /** Marks an owner and erases their settings with it. Marked again, the first time stands, and the account goes if either said so. */
  mark(owner: string, now: number, takesAccount: boolean): Promise<OwnerMark>;
  postpone(owner: string, until: number): Promise<void>;
  /** Nothing is left: the mark goes. */
  close(owner: string): Promise<void>;
}

/** What an owner has, whatever it is: core/owned.ts. */
export interface OwnedStore {
  /** Keys of an owner's rows, page by page. */
  rows(owner: string, model: OwnedModel): AsyncIterable<readonly RowKey[]>;
  remove(model: OwnedModel, keys: readonly RowKey[]): Promise<void>;
  /** Deletes some of the owner's files; false when there were none. */
  removeFiles(owner: string): Promise<boolean>;
}

/** Has what is marked erased, and does not wait for that. */
export interface Eraser {
  /** Throws RemoteError. */
  erase(erasure: Erasure): Promise<void>;
}
