import { describe, expect, test } from 'vitest';
import { AppError } from '../../amplify/core/error.ts';
import type { Event } from '../../amplify/core/event.ts';
import { idTime } from '../../amplify/core/message-id.ts';
import { Unreachable } from '../api/api-error.ts';
import { type Clock, createClock } from '../api/clock.ts';
import { createMemoryApi, type MemoryApi } from '../api/memory-api.ts';
import { type KeyValues, openLocalStore } from '../session/local-store.ts';
import { createOutbox, type Exclusive, type Outbox } from './outbox.ts';
import { createOutboxStore, type OutboxStore } from './outbox-store.ts';

function memoryStorage(): KeyValues {
  const all = new Map<string, string>();
  return {
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => void all.set(key, value),
    removeItem: (key) => void all.delete(key),
    key: (index) => [...all.keys()][index] ?? null,
    get length() {
      return all.size;
    },
  };
}

/** One lock for all the tabs of a test. */
function createLock(): Exclusive {
  let last: Promise<void> = Promise.resolve();
  return (_, work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

interface Tab {
  clock: Clock;
  outbox: Outbox;
  store: OutboxStore;
  events: Event[];
  /** Lets the time for every wait pass. */
  elapse(): void;
}

function openTab(api: MemoryApi, storage: KeyValues, exclusive: Exclusive = createLock()): Tab {
  const store = createOutboxStore(openLocalStore(storage, 'ann'), new EventTarget());
  const events: Event[] = [];
  let waits: (() => void)[] = [];
  const clock = createClock();
  const outbox = createOutbox({
    api,
    clock,
    store,
    exclusive,
    onEvent: (event) => events.push(event),
    after: (_, call) => {
      waits.push(call);
      return () => {
        waits = waits.filter((each) => each !== call);
      };
    },
  });
  const elapse = () => {
    for (const call of waits.splice(0)) call();
  };
  return { clock, outbox, store, events, elapse };
}

/** Waits until everything that can happen now has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

const sent = (api: MemoryApi) => api.calls.filter(([field]) => field === 'sendMessage');
const texts = (api: MemoryApi) => [...api.messages.values()].map(({ text }) => text);

describe('a message on its way', () => {
  test('begins its conversation, named after it, then arrives', async () => {
    const api = createMemoryApi();
    const { outbox, store, events } = openTab(api, memoryStorage());
    const place = outbox.add('Hello there\nsecond line', null);
    await settled();
    expect(api.conversations.get(place)?.title).toBe('Hello there');
    expect(texts(api)).toEqual(['Hello there\nsecond line']);
    expect(store.read()).toEqual([]);
    expect(events.map(({ kind }) => kind)).toEqual(['conversation.changed', 'message.accepted']);
  });

  test('is sent again under the same id until it is acknowledged', async () => {
    const api = createMemoryApi();
    const { outbox, store, elapse } = openTab(api, memoryStorage());
    const place = outbox.add('first', null);
    await settled();
    api.offline = true;
    outbox.add('second', place);
    await settled();
    expect(outbox.isWaiting(place)).toBe(true);
    elapse();
    await settled();
    api.offline = false;
    elapse();
    await settled();
    const ids = sent(api)
      .filter(([, , , text]) => text === 'second')
      .map(([, , id]) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(texts(api)).toEqual(['first', 'second']);
    expect(store.read()).toEqual([]);
  });

  test('survives a reload, and is still the same message', async () => {
    const api = createMemoryApi();
    const storage = memoryStorage();
    api.offline = true;
    const before = openTab(api, storage);
    before.outbox.add('written in a tunnel', null);
    await settled();
    before.outbox.close();
    const id = before.store.read()[0]?.id;

    api.offline = false;
    const after = openTab(api, storage);
    after.outbox.wake();
    await settled();
    expect([...api.messages.keys()]).toEqual([id]);
  });

  test('whose answer was lost is not sent as another one', async () => {
    const api = createMemoryApi();
    const real = api.sendMessage;
    api.sendMessage = async (...args) => {
      await real(...args);
      api.sendMessage = real;
      throw new Unreachable();
    };
    const { outbox, elapse } = openTab(api, memoryStorage());
    outbox.add('once', null);
    await settled();
    elapse();
    await settled();
    expect(texts(api)).toEqual(['once']);
  });

  test('keeps its place: messages of one conversation arrive in the order of writing', async () => {
    const api = createMemoryApi();
    const { outbox } = openTab(api, memoryStorage());
    const place = outbox.add('1', null);
    for (const text of ['2', '3', '4']) outbox.add(text, place);
    await settled();
    expect(texts(api)).toEqual(['1', '2', '3', '4']);
  });

  test('that two tabs see is sent once', async () => {
    const api = createMemoryApi();
    const storage = memoryStorage();
    const lock = createLock();
    const [one, two] = [openTab(api, storage, lock), openTab(api, storage, lock)];
    one.outbox.add('hello', null);
    two.outbox.wake();
    await settled();
    expect(texts(api)).toEqual(['hello']);
  });
});

describe('a device whose clock is off', () => {
  test('sends under a new id by the server’s time, and nobody notices', async () => {
    const server = Date.UTC(2030, 5, 1);
    const api = createMemoryApi(() => server);
    const { outbox, store } = openTab(api, memoryStorage());
    const place = outbox.add('first', null);
    api.failures.set(
      'sendMessage',
      new AppError('message.clock_off', { detail: new Date(server).toISOString() }),
    );
    await settled();
    const [id] = [...api.messages.keys()];
    expect(Math.abs(idTime(id ?? '') - server)).toBeLessThan(60_000);
    expect(store.read()).toEqual([]);

    outbox.add('second', place);
    await settled();
    expect(sent(api)).toHaveLength(3);
    expect(Math.abs(idTime([...api.messages.keys()][1] ?? '') - server)).toBeLessThan(60_000);
  });

  test('that the server never accepts is told, and not asked for ever', async () => {
    const api = createMemoryApi();
    api.sendMessage = async (...args) => {
      api.calls.push(['sendMessage', ...args]);
      throw new AppError('message.clock_off', { detail: 'nonsense' });
    };
    const { outbox, store } = openTab(api, memoryStorage());
    outbox.add('hello', null);
    await settled();
    expect(store.read()[0]?.refused).toBe('message.clock_off');
    expect(sent(api).length).toBeLessThan(5);
  });
});

describe('a message that is refused', () => {
  test('keeps its text, does not hold up the next one, and is sent again when asked', async () => {
    const api = createMemoryApi();
    const { outbox, store } = openTab(api, memoryStorage());
    const place = outbox.add('first', null);
    await settled();
    api.failures.set('sendMessage', new AppError('message.queue_full'));
    outbox.add('second', place);
    outbox.add('third', place);
    await settled();
    expect(store.read()).toMatchObject([{ text: 'second', refused: 'message.queue_full' }]);
    expect(texts(api)).toEqual(['first', 'third']);

    outbox.retry(store.read()[0]?.id ?? '');
    await settled();
    expect(texts(api)).toEqual(['first', 'third', 'second']);
    expect(store.read()).toEqual([]);
  });

  test('keeps its text and when it may be sent again, when there were too many', async () => {
    const api = createMemoryApi();
    const { outbox, store } = openTab(api, memoryStorage());
    const place = outbox.add('first', null);
    await settled();
    const detail = '2026-05-01T09:01:00.000Z';
    api.failures.set('sendMessage', new AppError('message.rate_limited', { detail }));
    outbox.add('second', place);
    await settled();
    expect(store.read()).toMatchObject([
      { text: 'second', refused: 'message.rate_limited', retryAt: detail },
    ]);
  });

  test('goes for good when it is discarded', async () => {
    const api = createMemoryApi();
    const { outbox, store } = openTab(api, memoryStorage());
    api.failures.set('createConversation', new AppError('conversation.title_invalid'));
    outbox.add('hello', null);
    await settled();
    outbox.discard(store.read()[0]?.id ?? '');
    outbox.wake();
    await settled();
    expect(store.read()).toEqual([]);
    expect(texts(api)).toEqual([]);
  });

  test('by a fault of the backend is tried three times before people are asked', async () => {
    const api = createMemoryApi();
    const { outbox, store, elapse } = openTab(api, memoryStorage());
    api.createConversation = async () => {
      api.calls.push(['createConversation']);
      throw new AppError('internal');
    };
    outbox.add('hello', null);
    for (let round = 0; round < 5; round += 1) {
      await settled();
      elapse();
    }
    expect(api.calls).toHaveLength(3);
    expect(store.read()[0]?.refused).toBe('internal');
  });
});

describe('the time', () => {
  test('is learned from a message that was just accepted, not from one that was accepted long ago', async () => {
    const server = Date.now() + 120_000;
    const api = createMemoryApi(() => server);
    const storage = memoryStorage();
    const { outbox, clock } = openTab(api, storage);
    outbox.add('fresh', null);
    await settled();
    expect(Math.abs(clock.now() - server)).toBeLessThan(5000);

    const lost = openTab(api, memoryStorage());
    const real = api.sendMessage;
    api.sendMessage = async (...args) => {
      await real(...args);
      api.sendMessage = real;
      throw new Unreachable();
    };
    lost.outbox.add('answer lost', null);
    await settled();
    lost.elapse();
    await settled();
    expect(texts(api)).toContain('answer lost');
    expect(Math.abs(lost.clock.now() - Date.now())).toBeLessThan(5000);
  });
});
