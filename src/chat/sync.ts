import { isFinal } from '../../amplify/core/message.ts';
import type { Api } from '../api/api.ts';
import { codeOf } from '../api/api-error.ts';
import { type Action, type ChatState, initialState, reduce } from './state.ts';
import { createStore, type Store } from './store.ts';
import { gapsIn } from './transcript.ts';
import { statusOf } from './turn.ts';

/** What the page knows about its own reading. */
export interface SyncState {
  /** `lost`: events do not come at present; what is shown may be old. */
  connection: 'connecting' | 'connected' | 'lost';
  /** Conversations whose messages could not be read. */
  unread: ReadonlySet<string>;
  /** Whether the list of conversations could not be read. */
  listFailed: boolean;
}

/** Calls back after `ms`; gives a way to forget it. */
export type After = (ms: number, call: () => void) => () => void;

/** Keeps the page's state in step with the backend. */
export interface Sync {
  chat: Store<ChatState>;
  status: Store<SyncState>;
  dispatch(action: Action): void;
  /** Tells of everything that was taken in, and how things stood before. Gives a way to stop. */
  listen(listener: (action: Action, before: ChatState) => void): () => void;
  /** Names the conversation that is looked at. `begun`: made on this page, nothing to be read yet. */
  open(conversationId: string | null, begun?: boolean): void;
  readEarlier(conversationId: string): Promise<void>;
  readMoreConversations(): Promise<void>;
  /** Reads the list to its end. */
  readAllConversations(): Promise<void>;
  /** Reads older messages until this one is there; gives whether it is. */
  readUntil(conversationId: string, messageId: string): Promise<boolean>;
  /** The network, the device or the person is back: looks whether the subscription lives and reads what changed. */
  refresh(): void;
  close(): void;
}

/** A gap is given this long to close by itself (an event overtook another) before the row is read. */
const healAfter = 400;
const healAgainAfter = 1000;
/** Silence about a message in work after which its row is read: an event may have been lost. */
const watchEvery = 15_000;
const retryReadAfter = 3000;

export function startSync(
  api: Api,
  after: After,
  onConnected: () => void = () => {},
  begin: ChatState = initialState,
): Sync {
  const chat = createStore<ChatState>(begin);
  const status = createStore<SyncState>({ connection: 'connecting', unread: new Set(), listFailed: false });
  let opened: string | null = null;
  let healing: (() => void) | null = null;
  let retrying: (() => void) | null = null;
  let heardAt = chat.get().tick;
  let closed = false;
  const listeners = new Set<(action: Action, before: ChatState) => void>();

  const dispatch = (action: Action) => {
    if (closed) return;
    const before = chat.get();
    chat.set((state) => reduce(state, action));
    for (const listener of [...listeners]) listener(action, before);
    if (!healing && openGaps().length > 0) healing = after(healAfter, heal);
  };

  const openGaps = () => {
    const transcript = opened === null ? undefined : chat.get().transcripts.get(opened);
    return transcript ? gapsIn(transcript) : [];
  };

  const readMessage = async (conversationId: string, id: string) => {
    const asOf = chat.get().tick;
    const message = await api.getMessage(conversationId, id);
    if (message) dispatch({ kind: 'message.read', message, asOf });
  };

  const heal = async () => {
    const conversationId = opened;
    if (conversationId !== null) {
      await Promise.allSettled(openGaps().map((id) => readMessage(conversationId, id)));
    }
    healing = !closed && openGaps().length > 0 ? after(healAgainAfter, heal) : null;
  };

  const readAgent = async () => dispatch({ kind: 'agent.read', agent: await api.getAgent() });

  const readConversations = async () => {
    const asOf = chat.get().tick;
    const page = await api.listConversations(null);
    dispatch({ kind: 'conversations.read', page, first: true, asOf });
  };

  const readNewest = async (conversationId: string) => {
    const asOf = chat.get().tick;
    const page = await api.listMessages(conversationId, null);
    dispatch({ kind: 'messages.read', conversationId, page, newest: true, asOf });
    await Promise.allSettled(
      unfinished(conversationId, page.items).map((id) => readMessage(conversationId, id)),
    );
  };

  /** Messages in work by what is known, that the page just read did not hold. */
  const unfinished = (conversationId: string, read: readonly { id: string }[] = []): string[] => {
    const turns = chat.get().transcripts.get(conversationId)?.turns ?? new Map();
    const seen = new Set(read.map(({ id }) => id));
    return [...turns].filter(([id, turn]) => !seen.has(id) && !isFinal(statusOf(turn))).map(([id]) => id);
  };

  const readOpen = async () => {
    const conversationId = opened;
    if (conversationId === null) return;
    const mark = (failed: boolean) =>
      status.set((value) => {
        const unread = new Set(value.unread);
        if (failed) unread.add(conversationId);
        else unread.delete(conversationId);
        return { ...value, unread };
      });
    try {
      await readNewest(conversationId);
      mark(false);
    } catch (error) {
      // Deleted, never there, or begun on this page and not sent yet: nothing to be read, and nothing that failed.
      const absent = codeOf(error) === 'conversation.not_found';
      mark(!absent);
      if (!absent) throw error;
      dispatch({ kind: 'transcript.begun', conversationId });
    }
  };

  /** Reads what may have changed while nobody listened. Tries again until it was read. */
  const catchUp = async () => {
    retrying?.();
    retrying = null;
    const results = await Promise.allSettled([readConversations(), readAgent(), readOpen()]);
    if (closed) return;
    status.set((value) => ({ ...value, listFailed: results[0]?.status === 'rejected' }));
    for (const result of results) if (result.status === 'rejected') retrySoon(result.reason);
  };

  /** Only what was not reached may succeed by itself. */
  const retrySoon = (error: unknown) => {
    if (!closed && codeOf(error) === null) retrying ??= after(retryReadAfter, catchUp);
  };

  const watch = () => {
    if (closed) return;
    forgetWatch = after(watchEvery, watch);
    const { tick, agent } = chat.get();
    const quiet = tick === heardAt;
    heardAt = tick;
    const waiting = opened === null ? [] : unfinished(opened);
    if (!quiet || (waiting.length === 0 && agent?.state !== 'waking')) return;
    const conversationId = opened;
    const reads = conversationId === null ? [] : waiting.map((id) => readMessage(conversationId, id));
    void Promise.allSettled([readAgent(), ...reads]).then(() => {
      heardAt = chat.get().tick;
    });
  };
  let forgetWatch = after(watchEvery, watch);

  const stream = api.openEvents({
    onEvent: (event) => dispatch({ kind: 'event', event }),
    onConnected: () => {
      status.set((value) => ({ ...value, connection: 'connected' }));
      void catchUp();
      onConnected();
    },
    onDisconnected: () => status.set((value) => ({ ...value, connection: 'lost' })),
  });
  void catchUp();

  const readEarlier = async (conversationId: string) => {
    const nextToken = chat.get().transcripts.get(conversationId)?.earlier;
    if (!nextToken) return;
    const asOf = chat.get().tick;
    const page = await api.listMessages(conversationId, nextToken);
    dispatch({ kind: 'messages.read', conversationId, page, newest: false, asOf });
  };
  const readMoreConversations = async () => {
    const nextToken = chat.get().conversations.more;
    if (!nextToken) return;
    const asOf = chat.get().tick;
    const page = await api.listConversations(nextToken);
    dispatch({ kind: 'conversations.read', page, first: false, asOf });
  };

  return {
    chat,
    status,
    dispatch,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open: (conversationId, begun = false) => {
      opened = conversationId;
      if (conversationId === null) return;
      if (begun) dispatch({ kind: 'transcript.begun', conversationId });
      else readOpen().catch(retrySoon);
    },
    readEarlier,
    readMoreConversations,
    readAllConversations: async () => {
      while (!closed && chat.get().conversations.more) await readMoreConversations();
    },
    readUntil: async (conversationId, messageId) => {
      const transcript = () => chat.get().transcripts.get(conversationId);
      while (!closed && !transcript()?.turns.get(messageId)?.row && transcript()?.earlier) {
        await readEarlier(conversationId);
      }
      return Boolean(transcript()?.turns.get(messageId)?.row);
    },
    refresh: () => {
      stream.checkNow();
      if (status.get().connection === 'connected') void catchUp();
    },
    close: () => {
      closed = true;
      healing?.();
      retrying?.();
      forgetWatch();
      stream.close();
    },
  };
}
