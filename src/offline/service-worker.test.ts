import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { expect, test } from 'vitest';

const origin = 'https://app.example';
const source = readFileSync(new URL('../../public/sw.js', import.meta.url), 'utf8');

interface Asked {
  url: string;
  method?: string;
  mode?: string;
}

/** The worker in a browser whose network is played: `network` gives a path's body, or nothing when it is away. */
async function startWorker(network: (path: string) => string | null) {
  const kept = new Map<string, string>();
  const urlOf = (key: string | Asked) => new URL(typeof key === 'string' ? key : key.url, origin).href;
  const fetched: string[] = [];
  const respond = async (key: string | Asked) => {
    const path = new URL(urlOf(key)).pathname;
    fetched.push(path);
    const body = network(path);
    if (body === null) throw new TypeError('Failed to fetch');
    return new Response(body);
  };
  const cache = {
    addAll: async (paths: string[]) => {
      for (const path of paths) kept.set(urlOf(path), await (await respond(path)).text());
    },
    match: async (key: string | Asked) => {
      const body = kept.get(urlOf(key));
      return body === undefined ? undefined : new Response(body);
    },
    put: async (key: string | Asked, response: Response) => void kept.set(urlOf(key), await response.text()),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
    delete: async (request: Asked) => kept.delete(request.url),
  };
  const handlers = new Map<string, (event: object) => void>();
  const self = {
    location: { origin },
    addEventListener: (name: string, handler: (event: object) => void) => handlers.set(name, handler),
    skipWaiting: async () => {},
    clients: { claim: async () => {} },
  };
  const caches = { open: async () => cache, keys: async () => [], delete: async () => true };
  // What it imports is about notifications: src/notify/service-worker.test.ts.
  const importScripts = () => {};
  vm.runInNewContext(source, { self, caches, fetch: respond, URL, Response, importScripts });
  let installed: Promise<unknown> = Promise.resolve();
  handlers.get('install')?.({ waitUntil: (work: Promise<unknown>) => (installed = work) });
  await installed;

  /** What the page gets for a request; null when the worker leaves it to the browser. */
  const ask = async (path: string, rest: Partial<Asked> = {}): Promise<string | null> => {
    let answer: Promise<Response> | null = null;
    const request = { url: new URL(path, origin).href, method: 'GET', mode: 'cors', ...rest };
    handlers.get('fetch')?.({ request, respondWith: (given: Promise<Response>) => (answer = given) });
    return answer === null ? null : await (await (answer as Promise<Response>)).text();
  };
  return { ask, kept, fetched };
}

const build = (name: string) => (path: string) =>
  path === '/' ? `<script src="/assets/index-${name}.js">` : `${name} ${path}`;

test('the page opens without network as it was seen last', async () => {
  let network = build('one');
  const { ask } = await startWorker((path) => network(path));
  await ask('/', { mode: 'navigate' });
  await ask('/assets/index-one.js');
  network = () => null as never;
  expect(await ask('/', { mode: 'navigate' })).toContain('index-one');
  expect(await ask('/assets/index-one.js')).toBe('one /assets/index-one.js');
  expect(await ask('/amplify_outputs.json')).toBe('one /amplify_outputs.json');
});

test('a new build is taken at once, and the files of the old one are dropped', async () => {
  let network = build('one');
  const { ask, kept } = await startWorker((path) => network(path));
  await ask('/', { mode: 'navigate' });
  await ask('/assets/index-one.js');
  network = build('two');
  expect(await ask('/', { mode: 'navigate' })).toContain('index-two');
  expect([...kept.keys()]).not.toContain(`${origin}/assets/index-one.js`);
});

test('what the backend says is never kept, and nothing but reading goes through it', async () => {
  const { ask, kept } = await startWorker(build('one'));
  const before = [...kept.keys()];
  expect(await ask('https://x.appsync-api.eu-west-1.amazonaws.com/graphql')).toBeNull();
  expect(await ask('https://bucket.s3.amazonaws.com/owners/a/files/b.png')).toBeNull();
  expect(await ask('/assets/x.js', { method: 'POST' })).toBeNull();
  expect([...kept.keys()]).toEqual(before);
});
