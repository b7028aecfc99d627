// Lets the page open without network. Holds the page's own files only, never what the backend says: conversations that
// were seen lie in the user's part of the browser's storage, which signing out empties (src/offline/seen.ts).
const cacheName = 'pages-1';

importScripts('/sw-notifications.js');

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(['/', '/favicon.svg', '/appearance.js', '/amplify_outputs.json']))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

/** What was kept, or what the network gives. Files under /assets never change: their names hold their content's hash. */
async function keptFirst(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** What the network gives; what was kept when there is none. `key`: under which it is kept. */
async function networkFirst(request, key) {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request);
    if (response.ok) {
      await cache.put(key, response.clone());
      if (key === '/') await forgetOthers(cache, await response.clone().text());
    }
    return response;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

/** A new build has new names: once its page was seen with none of the old scripts, those are dropped. */
async function forgetOthers(cache, page) {
  const main = /assets\/index-[\w-]+\.js/.exec(page)?.[0];
  const kept = await cache.match('/build');
  if (!main || (kept && (await kept.text()) === main)) return;
  for (const request of await cache.keys()) {
    if (new URL(request.url).pathname.startsWith('/assets/')) await cache.delete(request);
  }
  await cache.put('/build', new Response(main));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname === '/') event.respondWith(networkFirst(request, '/'));
  else if (pathname.startsWith('/assets/')) event.respondWith(keptFirst(request));
  else if (
    /\.(json|svg|png|js|webmanifest)$/.test(pathname) &&
    pathname !== '/sw.js' &&
    !pathname.startsWith('/inbox/')
  ) {
    event.respondWith(networkFirst(request, pathname));
  }
});
