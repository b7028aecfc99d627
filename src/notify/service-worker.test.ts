import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';

const origin = 'https://app.example';
const sourceOf = (name: string) => readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8');

interface Shown {
  title: string;
  body: string;
  tag: string;
  silent: boolean;
  data: object;
}
interface Tab {
  url: string;
  visibilityState: 'visible' | 'hidden';
  messages: unknown[];
  focused: boolean;
  id: string;
}

const tab = (visibilityState: Tab['visibilityState'], url = `${origin}/#/c/1`): Tab => ({
  url,
  visibilityState,
  messages: [],
  focused: false,
  id: randomUUID(),
});

/** The worker's own files in a browser with these tabs. `kept`: what its cache holds, which outlives it. */
function startWorker(tabs: Tab[], kept = new Map<string, string>()) {
  const shown: Shown[] = [];
  const opened: string[] = [];
  const handlers = new Map<string, (event: object) => void>();
  const cache = {
    match: async (key: string) => {
      const body = kept.get(key);
      return body === undefined ? undefined : new Response(body);
    },
    put: async (key: string, response: Response) => void kept.set(key, await response.text()),
  };
  const clients = {
    matchAll: async () =>
      tabs.map((each) => ({
        ...each,
        postMessage: (message: unknown) => each.messages.push(message),
        focus: async () => (each.focused = true),
      })),
    openWindow: async (url: string) => opened.push(url),
  };
  const registration = {
    showNotification: async (title: string, options: Omit<Shown, 'title'>) => {
      shown.push({ title, ...options });
    },
  };
  const addEventListener = (name: string, handler: (event: object) => void) => handlers.set(name, handler);
  const self = { location: { origin }, addEventListener, clients, registration };
  const context = vm.createContext({ self, caches: { open: async () => cache }, URL, Response });
  const run = (name: string) => vm.runInContext(sourceOf(name), context);
  context.importScripts = (path: string) => run(path.slice(1));
  run('sw.js');

  const send = async (name: string, event: object) => {
    let work: Promise<unknown> = Promise.resolve();
    handlers.get(name)?.({ ...event, waitUntil: (given: Promise<unknown>) => (work = given) });
    await work;
  };
  const answer = { kind: 'answer', key: 'm:1', title: 'OpenClaw', body: 'Ready', language: 'en' };
  const place = { conversationId: 'c', messageId: 'm' };
  return {
    shown,
    opened,
    kept,
    byPage: (rest = {}, source: object = {}) =>
      send('message', { data: { ...answer, ...place, ...rest }, source }),
    byPush: (rest = {}) => send('push', { data: { json: () => ({ ...answer, ...place, ...rest }) } }),
    click: (data: object | null) => send('notificationclick', { notification: { data, close: () => {} } }),
    other: (data: unknown) => send('message', { data }),
  };
}

describe('a notification', () => {
  test('comes once for an answer that several hidden tabs tell of in the same moment', async () => {
    const { byPage, shown } = startWorker([tab('hidden'), tab('hidden')]);
    await Promise.all([byPage(), byPage(), byPage()]);
    expect(shown).toEqual([
      expect.objectContaining({
        ...{ title: 'OpenClaw', body: 'Ready', tag: 'm:1', silent: false },
        data: { conversationId: 'c', messageId: 'm' },
      }),
    ]);
  });

  test('does not come while a tab is looked at, but does beside another page of the same host', async () => {
    const looked = startWorker([tab('hidden'), tab('visible')]);
    await looked.byPage();
    await looked.byPush();
    expect(looked.shown).toEqual([]);
    const beside = startWorker([tab('visible', `${origin}/inbox/`)]);
    await beside.byPush();
    expect(beside.shown).toHaveLength(1);
  });

  test('comes for a page that was hidden a moment ago, whatever the browser still believes of it', async () => {
    const page = { ...tab('visible'), id: 'just-hidden' };
    const { byPage, shown } = startWorker([page]);
    await byPage({}, { id: 'another' });
    expect(shown).toEqual([]);
    await byPage({}, { id: 'just-hidden' });
    expect(shown).toHaveLength(1);
  });

  test('of a push that a page was faster than takes the place of the first, silently, after a stop of the worker too', async () => {
    const first = startWorker([tab('hidden')]);
    await first.byPage();
    const next = startWorker([], first.kept);
    await next.byPage();
    expect(next.shown).toEqual([]);
    await next.byPush();
    expect(next.shown).toEqual([expect.objectContaining({ tag: 'm:1', silent: true })]);
    await next.byPush({ key: 'm:2' });
    expect(next.shown[1]).toEqual(expect.objectContaining({ tag: 'm:2', silent: false }));
  });

  test('that is clicked brings the tab of the app to its conversation, or opens one', async () => {
    const tabs = [tab('hidden', `${origin}/inbox/`), tab('hidden'), tab('hidden')];
    const { click, opened } = startWorker(tabs);
    await click({ conversationId: 'c', messageId: 'm' });
    expect(tabs.map(({ messages, focused }) => [messages, focused])).toEqual([
      [[], false],
      [[{ kind: 'open', address: '#/c/c/m' }], true],
      [[], false],
    ]);
    expect(opened).toEqual([]);
    const closed = startWorker([]);
    await closed.click({ conversationId: 'c/../x', messageId: 'm' });
    expect(closed.opened).toEqual(['/#/c/c%2F..%2Fx/m']);
  });

  test('is not made of any other message', async () => {
    const { other, shown } = startWorker([]);
    await other(null);
    await other({ kind: 'else' });
    expect(shown).toEqual([]);
  });
});
