import type { Api } from '../api/api.ts';
import type { ChatState } from '../chat/state.ts';
import type { Store } from '../chat/store.ts';

/** Tells the backend of moments at which a message may come soon. */
export interface WakeAhead {
  /** The page was opened, or looked at again. */
  opened(): void;
  /** A key was pressed in the composer. */
  typed(): void;
}

/** Said again at the earliest after this, ms: each time is a call. */
const pause = 60_000;

/**
 * Wakes a sleeping agent ahead of a message. Whether the user wants that, and whether earlier wakes went unused, is for
 * the backend to know: here only what can't help is left out.
 */
export function createWakeAhead(
  api: Pick<Api, 'wakeAgent'>,
  chat: Store<ChatState>,
  now: () => number = Date.now,
): WakeAhead {
  const saidAt = { open: Number.NEGATIVE_INFINITY, typing: Number.NEGATIVE_INFINITY };
  const say = (hint: 'open' | 'typing') => {
    const { agent, agentRead } = chat.get();
    if ((agentRead && agent && agent.state !== 'asleep') || now() - saidAt[hint] < pause) return;
    saidAt[hint] = now();
    // A message wakes it in any case: that this did not work need not trouble anybody.
    api.wakeAgent(hint).catch(() => {});
  };
  return { opened: () => say('open'), typed: () => say('typing') };
}
