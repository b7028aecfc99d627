import type { Event } from '../../amplify/core/event.ts';
import { type Approval, isFinal, type Message, webChannel } from '../../amplify/core/message.ts';
import { isNews } from '../../amplify/core/news.ts';
import type { Action, ChatState } from '../chat/state.ts';
import { statusOf } from '../chat/turn.ts';

/** What is told of a message: enough to say it and to lead there. */
export type News = Pick<
  Message,
  'conversationId' | 'id' | 'attempt' | 'channel' | 'status' | 'answer' | 'approval'
>;

/** The messages of which this action says that they have ended, or wait for a word, as far as that is news. */
export function newsIn(before: ChatState, action: Action): readonly News[] {
  switch (action.kind) {
    case 'event':
      return newsOf(before, action.event).filter(isNews);
    // What is read has news only of what was known to be open: the rest is history.
    case 'message.read':
      return [action.message].filter((each) => isNews(each) && isOpen(before, each));
    case 'messages.read':
      return action.page.items.filter((each) => isNews(each) && isOpen(before, each));
    default:
      return [];
  }
}

function newsOf(before: ChatState, event: Event): readonly News[] {
  if (event.kind === 'message.finished') return isEnded(before, event.message) ? [] : [event.message];
  if (event.kind !== 'message.approval' || !event.approval) return [];
  return [askingOf(before, event, event.approval)];
}

/** The message of a command that waits; of one that was never read only this is known. */
function askingOf(
  state: ChatState,
  { conversationId, messageId: id, attempt }: Extract<Event, { kind: 'message.approval' }>,
  approval: Approval,
): News {
  const channel = turnOf(state, { conversationId, id })?.row?.channel ?? webChannel;
  return { conversationId, id, attempt, channel, status: 'working', answer: '', approval };
}

const turnOf = (state: ChatState, { conversationId, id }: Pick<Message, 'conversationId' | 'id'>) =>
  state.transcripts.get(conversationId)?.turns.get(id);

function isOpen(state: ChatState, message: Message): boolean {
  const turn = turnOf(state, message);
  return turn !== undefined && !isFinal(statusOf(turn));
}

/** That an earlier attempt has ended says nothing of this one. */
function isEnded(state: ChatState, message: Message): boolean {
  const turn = turnOf(state, message);
  return turn !== undefined && isFinal(statusOf(turn)) && (turn.row?.attempt ?? 1) >= message.attempt;
}
