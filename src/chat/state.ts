import type { AgentView } from '../../amplify/core/agent.ts';
import type { Event } from '../../amplify/core/event.ts';
import type { Message } from '../../amplify/core/message.ts';
import {
  applyConversationChanged,
  applyConversationDeleted,
  applyConversationsRead,
  bumpConversation,
  type ConversationPage,
  type Conversations,
  noConversations,
} from '../conversations/conversations.ts';
import {
  applyEarlierPage,
  applyMessage,
  applyMessageEvent,
  applyNewestPage,
  emptyTranscript,
  type MessageEvent,
  type MessagePage,
  type Transcript,
} from './transcript.ts';

/** Everything that the page knows of the backend. Events and reads go in, views come out. */
export interface ChatState {
  /** Counts what was taken in; a read remembers it, to know what happened while it was on its way. */
  tick: number;
  /** Null before the first message ever, or while it was not read. */
  agent: AgentView | null;
  agentRead: boolean;
  conversations: Conversations;
  /** Conversations that were opened, by id. */
  transcripts: ReadonlyMap<string, Transcript>;
  /** Grows when another page saved the settings. */
  settingsTick: number;
  /** Grows when a channel was linked or unlinked. */
  channelsTick: number;
  /** Grows whenever a schedule has changed or was run. */
  schedulesTick: number;
}

export const initialState: ChatState = {
  tick: 0,
  agent: null,
  agentRead: false,
  conversations: noConversations,
  transcripts: new Map(),
  settingsTick: 0,
  channelsTick: 0,
  schedulesTick: 0,
};

/** `asOf` is `state.tick` when the read began. */
export type Action =
  | { kind: 'event'; event: Event }
  | { kind: 'agent.read'; agent: AgentView | null }
  | { kind: 'conversations.read'; page: ConversationPage; first: boolean; asOf: number }
  | { kind: 'messages.read'; conversationId: string; page: MessagePage; newest: boolean; asOf: number }
  | { kind: 'message.read'; message: Message; asOf: number }
  /** A conversation that begins on this page has nothing to be read yet. */
  | { kind: 'transcript.begun'; conversationId: string };

const newerAgent = (known: AgentView | null, seen: AgentView | null): AgentView | null =>
  known && (!seen || seen.revision < known.revision) ? known : seen;

function withTranscript(state: ChatState, id: string, next: Transcript): ChatState {
  if (state.transcripts.get(id) === next) return state;
  return { ...state, transcripts: new Map(state.transcripts).set(id, next) };
}

function applyToTranscript(state: ChatState, event: MessageEvent): ChatState {
  const transcript = state.transcripts.get(event.conversationId);
  const conversations =
    event.kind === 'message.accepted'
      ? bumpConversation(state.conversations, event.conversationId, event.message.acceptedAt)
      : state.conversations;
  const next = conversations === state.conversations ? state : { ...state, conversations };
  if (!transcript) return next;
  return withTranscript(next, event.conversationId, applyMessageEvent(transcript, event, state.tick));
}

function applyEvent(state: ChatState, event: Event): ChatState {
  switch (event.kind) {
    case 'agent.changed':
      return { ...state, agentRead: true, agent: newerAgent(state.agent, event.agent) };
    case 'conversation.changed':
      return {
        ...state,
        conversations: applyConversationChanged(state.conversations, event.conversation, state.tick),
      };
    case 'conversation.deleted': {
      const transcripts = new Map(state.transcripts);
      transcripts.delete(event.conversationId);
      return {
        ...state,
        transcripts,
        conversations: applyConversationDeleted(state.conversations, event.conversationId),
      };
    }
    case 'settings.changed':
      return { ...state, settingsTick: state.settingsTick + 1 };
    case 'channels.changed':
      return { ...state, channelsTick: state.channelsTick + 1 };
    case 'schedules.changed':
      return { ...state, schedulesTick: state.schedulesTick + 1 };
    default:
      return applyToTranscript(state, event);
  }
}

function applyAction(state: ChatState, action: Action): ChatState {
  switch (action.kind) {
    case 'event':
      return applyEvent(state, action.event);
    case 'agent.read':
      return { ...state, agentRead: true, agent: newerAgent(state.agent, action.agent) };
    case 'conversations.read':
      return {
        ...state,
        conversations: applyConversationsRead(state.conversations, action.page, action.first, action.asOf),
      };
    case 'transcript.begun':
      if (state.transcripts.has(action.conversationId)) return state;
      return withTranscript(state, action.conversationId, emptyTranscript);
    case 'messages.read': {
      const known = state.transcripts.get(action.conversationId) ?? emptyTranscript;
      const apply = action.newest ? applyNewestPage : applyEarlierPage;
      return withTranscript(state, action.conversationId, apply(known, action.page, action.asOf));
    }
    case 'message.read': {
      const known = state.transcripts.get(action.message.conversationId);
      if (!known) return state;
      return withTranscript(
        state,
        action.message.conversationId,
        applyMessage(known, action.message, action.asOf),
      );
    }
  }
}

/** The one way in which the page's state changes. Pure. */
export function reduce(state: ChatState, action: Action): ChatState {
  const next = { ...state, tick: state.tick + 1 };
  return applyAction(next, action);
}
