import { isFinal, type Message } from '../../amplify/core/message.ts';
import { isNews } from '../../amplify/core/news.ts';
import type { Action, ChatState } from '../chat/state.ts';
import { statusOf } from '../chat/turn.ts';

/** The messages of which this action is the first to say that they have ended, as far as that is news. */
export function newsIn(before: ChatState, action: Action): readonly Message[] {
  switch (action.kind) {
    case 'event':
      return action.event.kind === 'message.finished'
        ? [action.event.message].filter((each) => isNews(each) && !isEnded(before, each))
        : [];
    // What is read has news only of what was known to be open: the rest is history.
    case 'message.read':
      return [action.message].filter((each) => isNews(each) && isOpen(before, each));
    case 'messages.read':
      return action.page.items.filter((each) => isNews(each) && isOpen(before, each));
    default:
      return [];
  }
}

const turnOf = (state: ChatState, { conversationId, id }: Message) =>
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
