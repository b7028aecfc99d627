import type { Conversation } from '../../amplify/core/conversation.ts';

interface Known {
  value: Conversation;
  /** When an event last changed it; a list read before that says nothing about it. */
  tick: number;
}

/** The user's conversations, as far as they were read. */
export interface Conversations {
  byId: ReadonlyMap<string, Known>;
  /** Deleted while this page is open: a late event or read does not bring them back. */
  gone: ReadonlySet<string>;
  /** Whether the first page was read. */
  loaded: boolean;
  /** Where older conversations go on; null when all are here. */
  more: string | null;
}

export const noConversations: Conversations = { byId: new Map(), gone: new Set(), loaded: false, more: null };

/** A page of conversations, last active first, as `listConversations` gives it. */
export interface ConversationPage {
  items: readonly Conversation[];
  /** With the first page: the pinned ones, wherever they stand in the list. */
  pinned?: readonly Conversation[];
  nextToken: string | null;
}

/** A conversation was made or renamed. */
export function applyConversationChanged(
  known: Conversations,
  value: Conversation,
  tick: number,
): Conversations {
  if (known.gone.has(value.id)) return known;
  const old = known.byId.get(value.id)?.value;
  const activeAt = old && old.activeAt > value.activeAt ? old.activeAt : value.activeAt;
  return { ...known, byId: new Map(known.byId).set(value.id, { value: { ...value, activeAt }, tick }) };
}

export function applyConversationDeleted(known: Conversations, id: string): Conversations {
  const byId = new Map(known.byId);
  byId.delete(id);
  return { ...known, byId, gone: new Set(known.gone).add(id) };
}

/** A message was accepted: its conversation moves to the top. */
export function bumpConversation(known: Conversations, id: string, at: string): Conversations {
  const old = known.byId.get(id);
  if (!old || old.value.activeAt >= at) return known;
  return { ...known, byId: new Map(known.byId).set(id, { ...old, value: { ...old.value, activeAt: at } }) };
}

/**
 * Lays a page that was read over what is known. The first page also says what is no longer there:
 * whatever would stand on it and does not, unless an event told of it since the read began.
 */
export function applyConversationsRead(
  known: Conversations,
  page: ConversationPage,
  first: boolean,
  asOf: number,
): Conversations {
  const byId = new Map(known.byId);
  const end = page.nextToken === null ? '' : (page.items.at(-1)?.activeAt ?? '');
  if (first) {
    const listed = new Set([...page.items, ...(page.pinned ?? [])].map((item) => item.id));
    for (const [id, { value, tick }] of known.byId) {
      if (!listed.has(id) && tick <= asOf && value.activeAt > end) byId.delete(id);
    }
  }
  for (const value of [...page.items, ...(page.pinned ?? [])]) {
    const old = byId.get(value.id);
    if (known.gone.has(value.id) || (old && old.tick > asOf)) continue;
    byId.set(value.id, { value, tick: old?.tick ?? 0 });
  }
  const goesOn =
    first &&
    known.loaded &&
    [...known.byId.values()].some(({ value }) => !value.pinnedAt && value.activeAt < end);
  return { ...known, byId, loaded: true, more: goesOn ? known.more : page.nextToken };
}

/** The conversations, last active first. */
export function orderedConversations(known: Conversations): Conversation[] {
  return [...known.byId.values()]
    .map(({ value }) => value)
    .sort((a, b) => b.activeAt.localeCompare(a.activeAt) || b.id.localeCompare(a.id));
}
