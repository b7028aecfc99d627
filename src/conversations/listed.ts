import type { Conversation } from '../../amplify/core/conversation.ts';
import { daysBetween } from '../i18n/format.ts';
import type { Outgoing } from '../outbox/outbox-store.ts';
import { type Conversations, orderedConversations } from './conversations.ts';

/** The groups of the list: what is pinned, then by how long ago a conversation was active. */
export type Age = 'pinned' | 'today' | 'yesterday' | 'week' | 'older';

/** One line of the list. */
export interface Listed {
  id: string;
  title: string;
  activeAt: string;
  /** Begun on this device, and not known to the backend yet. */
  unsent: boolean;
  pinned: boolean;
}

function ageOf(activeAt: string, now: Date): Age {
  const days = daysBetween(new Date(activeAt), now);
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  return days < 7 ? 'week' : 'older';
}

const fromConversation = ({ id, title, activeAt, pinnedAt }: Conversation): Listed => ({
  id,
  title,
  activeAt,
  unsent: false,
  pinned: Boolean(pinnedAt),
});

/** The conversations that are known and those that wait to be begun, last active first, grouped by age. */
export function listConversations(
  known: Conversations,
  outgoing: readonly Outgoing[],
  now: Date,
  hidden: ReadonlySet<string>,
): { age: Age; items: Listed[] }[] {
  const waiting = outgoing.flatMap(({ conversationId: id, begin: title, writtenAt: activeAt }) =>
    title !== undefined && !known.byId.has(id) && !known.gone.has(id)
      ? [{ id, title, activeAt, unsent: true, pinned: false }]
      : [],
  );
  const items = [...waiting.reverse(), ...orderedConversations(known).map(fromConversation)];
  const groups = new Map<Age, Listed[]>();
  for (const item of items.sort((a, b) => Number(b.pinned) - Number(a.pinned))) {
    if (hidden.has(item.id)) continue;
    const age = item.pinned ? 'pinned' : ageOf(item.activeAt, now);
    groups.set(age, [...(groups.get(age) ?? []), item]);
  }
  return [...groups].map(([age, items]) => ({ age, items }));
}
