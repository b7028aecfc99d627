// Notifications of answers, part of sw.js: asked for by pages that are hidden, or brought by Web Push. One service worker
// serves all tabs, so here is where one message becomes one notification, and none while a page is looked at: that
// page tells of it itself.

/** Ends of messages that were told, the last ones; kept, because a worker is stopped whenever it has nothing to do. */
const toldPath = '/told';
const toldKept = 50;

const pagesOfApp = async () =>
  (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(
    ({ url }) => new URL(url).pathname === '/',
  );

/** Notes an end; gives whether it was noted before. */
async function noteTold(key) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(toldPath);
  const keys = kept ? await kept.json() : [];
  if (keys.includes(key)) return true;
  await cache.put(toldPath, new Response(JSON.stringify([...keys, key].slice(-toldKept))));
  return false;
}

/**
 * `hidden`: the id of a page that says it is, which the browser may learn a moment later. `again`: shows, silently, what was
 * told before. A browser that pushed wants to see something for it, and shows a word of its own, or ends the
 * subscription, where it does not.
 */
async function tell({ key, title, body, language, conversationId, messageId }, { hidden, again }) {
  const pages = await pagesOfApp();
  if (pages.some(({ id, visibilityState }) => id !== hidden && visibilityState === 'visible')) return;
  const wasTold = await noteTold(key);
  if (wasTold && !again) return;
  await self.registration.showNotification(title, {
    body,
    lang: language,
    tag: key,
    silent: wasTold,
    icon: '/icon-192.png',
    data: { conversationId, messageId },
  });
}

let last = Promise.resolve();
/** One after the other: the same end comes from several pages in the same moment. */
function inTurn(work) {
  last = last.then(work, work);
  return last;
}

self.addEventListener('message', (event) => {
  if (event.data?.kind === 'answer')
    event.waitUntil(inTurn(() => tell(event.data, { hidden: event.source?.id })));
});

self.addEventListener('push', (event) => {
  event.waitUntil(inTurn(() => tell(event.data.json(), { again: true })));
});

/** Brings the tab that was looked at last to the conversation, or opens one. */
async function openConversation({ conversationId, messageId }) {
  const address = `#/c/${encodeURIComponent(conversationId)}/${encodeURIComponent(messageId)}`;
  const [page] = await pagesOfApp();
  if (!page) return self.clients.openWindow(`/${address}`);
  page.postMessage({ kind: 'open', address });
  return page.focus();
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { data } = event.notification;
  if (data?.conversationId) event.waitUntil(openConversation(data));
  else event.waitUntil(pagesOfApp().then(([page]) => page?.focus()));
});
