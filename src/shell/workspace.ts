import { createWakeAhead, type WakeAhead } from '../agent/wake-ahead.ts';
import type { Api } from '../api/api.ts';
import { type Clock, createClock } from '../api/clock.ts';
import { createDrafts, type Drafts } from '../chat/drafts.ts';
import { createStore, type Store } from '../chat/store.ts';
import { type After, type Sync, startSync } from '../chat/sync.ts';
import { createDeletions, type Deletions } from '../conversations/deletions.ts';
import { type Attention, createAttention } from '../notify/attention.ts';
import { ownPage } from '../notify/page-view.ts';
import { closeNotifications, followClicks } from '../notify/worker.ts';
import { keepSeen, loadSeen } from '../offline/seen.ts';
import { createOutbox, type Exclusive, type Outbox } from '../outbox/outbox.ts';
import { createOutboxStore, type OutboxStore } from '../outbox/outbox-store.ts';
import { type KeyValues, type LocalStore, openLocalStore } from '../session/local-store.ts';

/** A short message at the page's edge. */
export interface Notice {
  id: number;
  text: string;
  kind: 'info' | 'error';
  action?: NoticeAction | undefined;
  /** How far something is, for the eye alone: it changes too often to be read out. */
  progress?: string;
}

/** What a message offers while it stands: something to do, or an address of the app to go to. */
export type NoticeAction = {
  label: string;
  /** How long it is offered, ms; null: until it is done, or taken away. */
  forMs: number | null;
} & ({ run(): void; href?: never } | { href: string; run?: never });

/** Everything that the signed-in page works with. Belongs to one user and ends with the session. */
export interface Workspace {
  api: Api;
  clock: Clock;
  sync: Sync;
  outbox: Outbox;
  outgoing: OutboxStore;
  drafts: Drafts;
  notices: Store<readonly Notice[]>;
  /** Whether all commands are shown. */
  palette: Store<boolean>;
  wakeAhead: WakeAhead;
  deletions: Deletions;
  attention: Attention;
  /** What this user keeps in this browser. */
  local: LocalStore;
  close(): void;
}

export interface WorkspacePorts {
  api: Api;
  storage: KeyValues;
  /** Where `storage` events come from: the window. */
  events: EventTarget;
  exclusive: Exclusive;
}

const after: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/** Opens the workspace of the user with this id: begins to listen, to read and to send what waits. */
export function openWorkspace(
  userId: string,
  { api, storage, events, exclusive }: WorkspacePorts,
): Workspace {
  const local = openLocalStore(storage, userId);
  const clock = createClock();
  const outgoing = createOutboxStore(local, events);
  const sync: Sync = startSync(api, after, () => outbox.wake(), loadSeen(local));
  const forgetSeen = keepSeen(sync.chat, local, after);
  const outbox: Outbox = createOutbox({
    api,
    clock,
    store: outgoing,
    exclusive,
    after,
    onEvent: (event) => sync.dispatch({ kind: 'event', event }),
  });
  outbox.wake();
  const notices = createStore<readonly Notice[]>([]);
  const deletions = createDeletions({
    api,
    local,
    after,
    onEvent: (event) => sync.dispatch({ kind: 'event', event }),
  });
  const drafts = createDrafts(local);
  // What was written for a conversation goes with it.
  const forgetGone = sync.chat.subscribe(() => {
    for (const id of sync.chat.get().conversations.gone) {
      drafts.save(id, '');
      if (outgoing.read().some((entry) => entry.conversationId === id))
        outgoing.change((entries) => entries.filter((entry) => entry.conversationId !== id));
    }
  });
  const attention = createAttention({
    sync,
    page: ownPage,
    tabs: new BroadcastChannel(`openclaw.seen.${userId}`),
    onSeen: (conversationId) => void closeNotifications(conversationId),
  });
  const stopFollowing = followClicks();
  const wakeAhead = createWakeAhead(api, sync.chat);
  wakeAhead.opened();

  const refresh = () => {
    sync.refresh();
    outbox.wake();
  };
  const onVisible = () => {
    if (document.visibilityState !== 'visible') return;
    refresh();
    wakeAhead.opened();
  };
  events.addEventListener('online', refresh);
  document.addEventListener('visibilitychange', onVisible);

  return {
    api,
    clock,
    sync,
    outbox,
    outgoing,
    drafts,
    notices,
    palette: createStore(false),
    wakeAhead,
    deletions,
    attention,
    local,
    close: () => {
      stopFollowing();
      attention.close();
      events.removeEventListener('online', refresh);
      document.removeEventListener('visibilitychange', onVisible);
      forgetGone();
      forgetSeen();
      deletions.close();
      outbox.close();
      sync.close();
    },
  };
}
