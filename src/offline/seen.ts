import * as z from 'zod';
import { type Conversation, conversation } from '../../amplify/core/conversation.ts';
import { message } from '../../amplify/core/message.ts';
import { type ChatState, initialState } from '../chat/state.ts';
import type { Store } from '../chat/store.ts';
import { orderedTurns, type Transcript } from '../chat/transcript.ts';
import { noConversations, orderedConversations } from '../conversations/conversations.ts';
import type { LocalStore } from '../session/local-store.ts';

const name = 'seen';
/** Conversations that are listed, those of them with messages, messages of each, and characters of all together. */
const most = { listed: 50, read: 5, messages: 30, characters: 1_000_000 };
/** Written when nothing has happened for this long, ms. */
const pause = 1500;

const seen = z.object({
  conversations: z.array(conversation),
  transcripts: z.array(z.object({ id: z.string(), messages: z.array(message) })),
});
type Seen = z.infer<typeof seen>;

/** What the page knew when it was last open: shown until the backend has been read, and without network. */
export function loadSeen(local: LocalStore): ChatState {
  const parsed = seen.safeParse(local.read(name));
  if (!parsed.success) return initialState;
  const byId = new Map(parsed.data.conversations.map((value) => [value.id, { value, tick: 0 }]));
  const transcripts = new Map<string, Transcript>(
    parsed.data.transcripts.map(({ id, messages }) => [
      id,
      {
        turns: new Map(messages.map((row) => [row.id, { row, live: null }])),
        earlier: null,
        remembered: true,
      },
    ]),
  );
  return { ...initialState, conversations: { ...noConversations, byId }, transcripts };
}

function seenIn({ conversations, transcripts }: ChatState): Seen {
  const listed: Conversation[] = orderedConversations(conversations).slice(0, most.listed);
  const result: Seen = { conversations: listed, transcripts: [] };
  let characters = 0;
  for (const { id } of listed) {
    const transcript = transcripts.get(id);
    if (!transcript || result.transcripts.length === most.read) continue;
    const messages = orderedTurns(transcript)
      .slice(-most.messages)
      .map(({ row }) => row);
    characters += messages.reduce((sum, { text, answer }) => sum + text.length + answer.length, 0);
    if (characters > most.characters) break;
    result.transcripts.push({ id, messages });
  }
  return result;
}

/** Keeps what is known in the user's part of this browser. Gives a way to stop. */
export function keepSeen(
  chat: Store<ChatState>,
  local: LocalStore,
  after: (ms: number, call: () => void) => () => void,
): () => void {
  let forget = () => {};
  const stop = chat.subscribe(() => {
    forget();
    forget = after(pause, () => local.write(name, seenIn(chat.get())));
  });
  return () => {
    forget();
    stop();
  };
}
