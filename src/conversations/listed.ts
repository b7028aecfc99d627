import type { Conversation } from '../../amplify/core/conversation.ts';
import { daysBetween } from '../i18n/format.ts';
import type { Outgoing } from '../outbox/outbox-store.ts';
import { type Conversations, orderedConversations } from './conversations.ts';

/** How long ago a conversation was active, as the list groups it. */
export type Age = 'today' | 'yesterday' | 'week' | 'older';

/** One line of the list. */
export interface Listed {
  id: string;
  title: string;
  activeAt: string;
  /** Begun on this device, and not known to the backend yet. */
  unsent: boolean;
}

function ageOf(activeAt: string, now: Date): Age {
  const days = daysBetween(new Date(activeAt), now);
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  return days < 7 ? 'week' : 'older';
}

const fromConversation = ({ id, title, activeAt }: Conversation): Listed => ({
  id,
  title,
  activeAt,
  unsent: false,
});

/** The conversations that are known and those that wait to be begun, last active first, grouped by age. */
export function listConversations(
  known: Conversations,
  outgoing: readonly Outgoing[],
  now: Date,
): { age: Age; items: Listed[] }[] {
  const waiting = outgoing.flatMap(({ conversationId: id, begin: title, writtenAt: activeAt }) =>
    title !== undefined && !known.byId.has(id) && !known.gone.has(id)
      ? [{ id, title, activeAt, unsent: true }]
      : [],
  );
  const groups = new Map<Age, Listed[]>();
  for (const item of [...waiting.reverse(), ...orderedConversations(known).map(fromConversation)]) {
    const age = ageOf(item.activeAt, now);
    groups.set(age, [...(groups.get(age) ?? []), item]);
  }
  return [...groups].map(([age, items]) => ({ age, items }));
}
