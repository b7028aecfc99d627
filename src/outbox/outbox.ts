import type { Attachment } from '../../amplify/core/attachment.ts';
import { type OwnModel, titleFrom } from '../../amplify/core/conversation.ts';
import { AppError, retryTimeOf } from '../../amplify/core/error.ts';
import type { Event } from '../../amplify/core/event.ts';
import { newId } from '../../amplify/core/message-id.ts';
import type { Api } from '../api/api.ts';
import { codeOf } from '../api/api-error.ts';
import type { Clock } from '../api/clock.ts';
import type { OutboxStore, Outgoing } from './outbox-store.ts';
import { type Sent, sendOutgoing } from './send-outgoing.ts';

/** Runs `work` while no other tab runs work of the same name. */
export type Exclusive = (name: string, work: () => Promise<void>) => Promise<void>;

export interface OutboxPorts {
  api: Pick<Api, 'createConversation' | 'sendMessage'>;
  clock: Clock;
  store: OutboxStore;
  exclusive: Exclusive;
  /** Tells the page's state what was accepted. */
  onEvent(event: Event): void;
  /** Calls back after `ms`; gives a way to forget it. */
  after(ms: number, call: () => void): () => void;
}

/** Messages on their way to the backend. Each is sent until it is acknowledged or refused, in the order of writing. */
export interface Outbox {
  /** Puts a message in. Without a conversation it begins one, with a model of its own if one is given. Gives the conversation's id. */
  add(
    text: string,
    conversationId: string | null,
    attachments?: readonly Attachment[],
    beginModel?: OwnModel | null,
  ): string;
  /** Sends a refused message again. */
  retry(id: string): void;
  /** Takes a message out for good. */
  discard(id: string): void;
  /** Whether the last try for this conversation did not reach the backend. */
  isWaiting(conversationId: string): boolean;
  /** Tries at once what waits: the network or the session is back. */
  wake(): void;
  close(): void;
}

/** Milliseconds before the next try, by the number of tries that failed in a row. */
const waits = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** A fault of the backend's own may pass: so many tries before people are asked. */
const triesAfterFault = 3;

export function createOutbox(ports: OutboxPorts): Outbox {
  const { store } = ports;
  const running = new Set<string>();
  const untried = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Map<string, () => void>();
  let closed = false;

  const update = (id: string, change: (entry: Outgoing) => Outgoing | null) =>
    store.change((entries) =>
      entries.flatMap((entry) => {
        const next = entry.id === id ? change(entry) : entry;
        return next ? [next] : [];
      }),
    );

  const settle = (entry: Outgoing, sent: Sent) => {
    failures.delete(entry.conversationId);
    if (sent.kind === 'renamed') update(entry.id, (old) => ({ ...old, id: sent.id }));
    else {
      ports.onEvent(sent.event);
      update(entry.id, ({ begin: _, beginModel: __, ...old }) => (sent.kind === 'begun' ? old : null));
    }
  };

  /** False when the message waits for a later try. */
  const fail = (entry: Outgoing, error: unknown): boolean => {
    const code = codeOf(error);
    const count = (failures.get(entry.conversationId) ?? 0) + 1;
    const passes =
      code === null || code === 'unauthorized' || (code === 'internal' && count < triesAfterFault);
    if (!passes) {
      failures.delete(entry.conversationId);
      const retryAt = error instanceof AppError ? retryTimeOf(error) : null;
      update(entry.id, (old) => ({ ...old, refused: code, ...(retryAt ? { retryAt } : {}) }));
      return true;
    }
    failures.set(entry.conversationId, count);
    const wait = waits[Math.min(count, waits.length) - 1] ?? 0;
    timers.set(
      entry.conversationId,
      ports.after(wait, () => run(entry.conversationId)),
    );
    store.change((entries) => entries);
    return false;
  };

  const sendAll = async (conversationId: string) => {
    for (let clockFaults = 0; !closed; ) {
      const entry = store.read().find((each) => each.conversationId === conversationId && !each.refused);
      if (!entry) return;
      try {
        const fresh = entry.begin === undefined && untried.delete(entry.id);
        const sent = await sendOutgoing(ports.api, ports.clock, entry, fresh);
        clockFaults = sent.kind === 'renamed' ? clockFaults + 1 : 0;
        if (closed) return;
        if (clockFaults > 2) fail(entry, new AppError('message.clock_off'));
        else settle(entry, sent);
      } catch (error) {
        if (closed || !fail(entry, error)) return;
      }
    }
  };

  const run = (conversationId: string) => {
    timers.get(conversationId)?.();
    timers.delete(conversationId);
    if (closed || running.has(conversationId)) return;
    running.add(conversationId);
    void ports
      .exclusive(`outbox.${conversationId}`, () => sendAll(conversationId))
      .finally(() => {
        running.delete(conversationId);
        if (
          !timers.has(conversationId) &&
          store.read().some((each) => each.conversationId === conversationId && !each.refused)
        ) {
          run(conversationId);
        }
      });
  };

  const wake = () => {
    for (const id of new Set(store.read().map((entry) => entry.conversationId))) run(id);
  };

  return {
    wake,
    isWaiting: (conversationId) => failures.has(conversationId),
    add: (text, conversationId, attachments = [], beginModel = null) => {
      const now = ports.clock.now();
      const place = conversationId ?? newId(now);
      const entry: Outgoing = {
        conversationId: place,
        id: newId(now),
        text,
        writtenAt: new Date(now).toISOString(),
      };
      if (attachments.length > 0) entry.attachments = [...attachments];
      if (conversationId === null) {
        entry.begin = titleFrom(text) || titleFrom(attachments[0]?.name ?? '');
        if (beginModel) entry.beginModel = beginModel;
      }
      untried.add(entry.id);
      store.change((entries) => [...entries, entry]);
      run(place);
      return place;
    },
    retry: (id) => {
      const entry = store.read().find((each) => each.id === id);
      update(id, ({ refused: _, retryAt: __, ...old }) => old);
      if (entry) run(entry.conversationId);
    },
    discard: (id) => update(id, () => null),
    close: () => {
      closed = true;
      for (const forget of timers.values()) forget();
    },
  };
}

/** Web Locks where the browser has them; a page alone otherwise (its ids make a second send harmless). */
export const exclusiveAcrossTabs: Exclusive = async (name, work) => {
  if (navigator.locks) await navigator.locks.request(`openclaw.${name}`, work);
  else await work();
};
