import { type BrowserContext, expect, type Page, test, type Worker } from '@playwright/test';
import type { Message } from '../../amplify/core/message.ts';
import { startPageServer } from './page-server.ts';
import { type Given, idOf, messageOf, someConversations } from './scenes.ts';
import { startTabbedBrowser } from './tabbed-browser.ts';

// Notifications of the real browser and its service worker, in tabs of which only one is looked at.

let server: Awaited<ReturnType<typeof startPageServer>>;
let browser: Awaited<ReturnType<typeof startTabbedBrowser>>;
test.beforeAll(async () => {
  server = await startPageServer();
});
test.afterAll(() => server.close());
test.beforeEach(async ({ launchOptions }) => {
  browser = await startTabbedBrowser(launchOptions.args ?? []);
});
test.afterEach(() => browser.close());

const answer: Message = messageOf(9, 'And lunch?', 'Noodles at **noon**.', { conversationId: idOf(2) });

/** A tab with the app at this address; its worker, which a deployment's page registers by itself (src/main.tsx). */
async function openTab(path: string, given: Given = someConversations('en')): Promise<Page> {
  const page = await browser.context.newPage();
  await page.addInitScript((rows) => {
    window.given = rows;
  }, given);
  await page.goto(`${server.url}/#${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
  });
  await countShown();
  return page;
}

const workerOf = async (context: BrowserContext): Promise<Worker> =>
  context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker');

/** Has the worker count what it has shown. */
const countShown = async () =>
  (await workerOf(browser.context)).evaluate(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the worker's own names are not the page's
    const { registration } = globalThis as any;
    if ('shown' in registration) return;
    const show = registration.showNotification.bind(registration);
    registration.shown = 0;
    registration.showNotification = async (...args: unknown[]) => {
      await show(...args);
      registration.shown += 1;
    };
  });

/** Chromium takes away a notification that it is asked about in the moment in which it shows it. */
const untilShown = (count: number) =>
  expect
    .poll(async () =>
      // biome-ignore lint/suspicious/noExplicitAny: the worker's own names are not the page's
      (await workerOf(browser.context)).evaluate(() => (globalThis as any).registration.shown),
    )
    .toBe(count);

/** The answer is there: its conversation was beside the one that is open. */
const finish = (page: Page, message = answer) =>
  page.evaluate((finished) => {
    const { conversationId, id: messageId } = finished;
    window.ui.api.put(finished);
    window.ui.api.emit({ kind: 'message.finished', conversationId, messageId, message: finished });
  }, message);

/** What the system shows. */
const shown = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
  });

async function switchOn(page: Page): Promise<void> {
  await page.goto(`${server.url}/#/settings/notifications`);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(
    page.getByText('This device shows a notification when an answer is ready', { exact: false }),
  ).toBeVisible();
}

const plain = { title: 'OpenClaw', body: 'Your answer is ready.', tag: `${answer.id}:1` };

test('the browser is asked only when somebody switches it on, and nothing is shown before', async () => {
  const page = await openTab(`/c/${idOf(1)}`);
  await browser.context.grantPermissions(['notifications'], { origin: server.url });
  await browser.context.newPage();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  await finish(page);
  await expect.poll(() => page.title()).toMatch(/^\(1\) /);
  expect(await shown(page)).toEqual([]);
});

test('an answer that comes to hidden tabs is one notification, without its text, and none for a tab that is looked at', async () => {
  await browser.context.grantPermissions(['notifications'], { origin: server.url });
  const first = await openTab(`/c/${idOf(1)}`);
  await switchOn(first);
  const second = await openTab(`/c/${idOf(1)}`);
  await finish(second);
  await expect(
    second.getByRole('status').getByText('“Trip to Gangneung in May” has an answer.'),
  ).toBeVisible();
  await finish(first);
  expect(await shown(first)).toEqual([]);

  await browser.context.newPage();
  await expect.poll(() => second.evaluate(() => document.visibilityState)).toBe('hidden');
  const later = { ...answer, attempt: 2 };
  await Promise.all([finish(first, later), finish(second, later)]);
  await untilShown(1);
  await expect.poll(() => shown(first)).toEqual([{ ...plain, tag: `${answer.id}:2` }]);
});

test('it shows how the answer begins where that is allowed, leads to it when clicked, and goes when it is seen', async () => {
  await browser.context.grantPermissions(['notifications'], { origin: server.url });
  const page = await openTab('/');
  await switchOn(page);
  await page.getByRole('checkbox', { name: /how the answer begins/ }).check();
  // The first time that Chromium is asked what is shown, it forgets what it was asked to show a moment before.
  expect(await shown(page)).toEqual([]);
  await browser.context.newPage();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  await finish(page);
  await untilShown(1);
  await expect
    .poll(() => shown(page))
    .toEqual([{ ...plain, title: 'Trip to Gangneung in May', body: 'Noodles at noon.' }]);

  // A click as the browser tells the worker of it; without a person's hand it may not bring the window to the front.
  const worker = await workerOf(browser.context);
  await worker.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the worker's own names are not the page's
    const scope = globalThis as any;
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  });
  await expect(page.getByText('Noodles at noon.')).toBeAttached();
  expect(page.url()).toContain(`#/c/${answer.conversationId}/${answer.id}`);
  await expect.poll(() => shown(page)).toEqual([]);

  await finish(page, { ...answer, attempt: 2 });
  await untilShown(2);
  await expect.poll(() => shown(page)).toHaveLength(1);
  await page.bringToFront();
  await expect.poll(() => shown(page)).toEqual([]);
  expect(await page.title()).not.toContain('(');
});

test('a push shows what it holds while no tab is looked at, also when every tab is closed', async () => {
  await browser.context.grantPermissions(['notifications'], { origin: server.url });
  const page = await openTab('/');
  const worker = await workerOf(browser.context);
  const session = await browser.context.newCDPSession(page);
  await session.send('ServiceWorker.enable');
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [own] = registrations;
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.disable');
  await session.send('ServiceWorker.enable');
  const push = async (by: typeof session, key: string) =>
    by.send('ServiceWorker.deliverPushMessage', {
      origin: server.url,
      registrationId: await registered,
      data: JSON.stringify({ ...plain, key, language: 'en', conversationId: idOf(2), messageId: answer.id }),
    });
  const tags = () =>
    worker.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: the worker's own names are not the page's
      const shownNow = await (globalThis as any).registration.getNotifications();
      return shownNow.map(({ tag }: { tag: string }) => tag);
    });
  expect(await tags()).toEqual([]);
  await push(session, 'while looked at');
  const [blank] = browser.context.pages();
  if (!blank) throw new Error('the browser opened no tab of its own');
  await blank.bringToFront();
  // The worker learns of it a moment later than the page.
  await expect
    .poll(() =>
      worker.evaluate(async () => {
        // biome-ignore lint/suspicious/noExplicitAny: the worker's own names are not the page's
        const pages = await (globalThis as any).clients.matchAll({ includeUncontrolled: true });
        return pages.map(({ visibilityState }: { visibilityState: string }) => visibilityState);
      }),
    )
    .toEqual(['hidden']);
  await push(session, 'hidden');
  await untilShown(1);
  await expect.poll(tags).toEqual(['hidden']);
  const beside = await browser.context.newCDPSession(blank);
  await beside.send('ServiceWorker.enable');
  await page.close();
  await push(beside, 'closed');
  await untilShown(2);
  await expect.poll(tags).toEqual(expect.arrayContaining(['hidden', 'closed']));
});

test('a browser without a push service says so, and nothing is saved', async () => {
  await browser.context.grantPermissions(['notifications'], { origin: server.url });
  const page = await openTab('/');
  await page.evaluate(() => {
    window.ui.api.push = { publicKey: `B${'A'.repeat(86)}`, devices: [] };
  });
  await switchOn(page);
  await page.getByRole('checkbox', { name: 'Also while the app is closed' }).click();
  await expect(page.getByText(/could not reach its push service/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('checkbox', { name: 'Also while the app is closed' })).not.toBeChecked();
});

test('a browser that blocks notifications is told of with the way out', async () => {
  const page = await openTab('/settings/notifications');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(page.getByText(/Your browser blocks notifications/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Switch on' })).toHaveCount(0);
});
