import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { findBrowser } from '../app/bootstrap/browser.mjs';
import { createProgress } from '../app/bootstrap/progress.mjs';
import type { Mail } from '../app/inbox/inbox.ts';
import { type App, startApp } from '../app/start-app.ts';

export interface WebFigures {
  /** From the navigation to the largest thing that is seen (Largest Contentful Paint), nothing cached, milliseconds. */
  readonly signIn: readonly number[];
  /** The same for somebody who is signed in and opens a conversation. */
  readonly chat: readonly number[];
  /** From a key press to the next frame while an answer streams: the slowest of a run (Interaction to Next Paint), milliseconds. */
  readonly typing: readonly number[];
}

/** Long enough that it is still being written when the last key is pressed. */
const longQuestion = 'Tell me a long story';
const keys = 'while it writes I go on writing';

/** The web app as it is built for people, in Chromium, on the whole stack of this machine: no network lies between. */
export async function measureWeb(plan: {
  root: string;
  folder: string;
  pageLoads: number;
  typingRuns: number;
  say(text: string): void;
}): Promise<WebFigures> {
  const mails: Mail[] = [];
  plan.say('web: builds and starts');
  const app = await startApp({
    root: plan.root,
    port: 0,
    dataDirectory: join(plan.folder, 'web'),
    model: 'demo',
    dev: false,
    progress: createProgress({ out: { write: () => {} } }),
    onMail: (mail) => mails.push(mail),
    onEvent: () => {},
  });
  const browser = await launch();
  try {
    const signIn: number[] = [];
    plan.say(`sign-in page: ${plan.pageLoads} times`);
    // The first one after a start reads the files from the disk.
    await paintOf(browser, app.url, 'input[name=username]');
    for (let run = 0; run < plan.pageLoads; run += 1)
      signIn.push(await paintOf(browser, app.url, 'input[name=username]'));
    plan.say('typing while an answer streams: the agent wakes');
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await signUp(context, app, mails);
    await ask(page, 'Hello there');
    await ended(page);
    const typing: number[] = [];
    for (let run = 1; run <= plan.typingRuns; run += 1) {
      plan.say(`typing while an answer streams: ${run} of ${plan.typingRuns}`);
      typing.push(await slowestKey(page));
    }
    const address = page.url();
    const storageState = await context.storageState();
    await context.close();
    const chat: number[] = [];
    plan.say(`conversation: ${plan.pageLoads} times`);
    for (let run = 0; run < plan.pageLoads; run += 1)
      chat.push(await paintOf(browser, address, 'article', storageState));
    return { signIn, chat, typing };
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** Where none is found Playwright takes its own build. */
const executablePath = findBrowser();
const launch = (): Promise<Browser> =>
  chromium.launch({
    // Chromium's sandbox refuses root; nobody else gives it up.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    ...(executablePath ? { executablePath } : {}),
  });

/** The largest paint of a first visit: in a browser without a cache, until the page has come to rest. */
async function paintOf(
  browser: Browser,
  address: string,
  shown: string,
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<number> {
  const context = await browser.newContext({ locale: 'en-US', ...(storageState && { storageState }) });
  try {
    const page = await context.newPage();
    await page.goto(address);
    await page.locator(shown).last().waitFor();
    await page.waitForLoadState('networkidle').catch(() => {});
    return await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const observer = new PerformanceObserver((list) =>
            resolve(list.getEntries().at(-1)?.startTime ?? 0),
          );
          observer.observe({ type: 'largest-contentful-paint', buffered: true });
        }),
    );
  } finally {
    await context.close();
  }
}

/** TypeScript's lib.dom lacks what tells an interaction from other events. */
type KeyTiming = PerformanceEventTiming & { interactionId?: number };

/** Presses keys in the message box while an answer is written. */
async function slowestKey(page: Page): Promise<number> {
  await ask(page, longQuestion);
  await answer(page, true)
    .getByText(/day \d/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.evaluate(() => {
    const measured = window as unknown as { keys: number[]; watching: PerformanceObserver };
    measured.keys = [];
    measured.watching = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as KeyTiming[])
        if (entry.interactionId) measured.keys.push(entry.duration);
    });
    // Sixteen is the least that a browser tells: what is faster is told of as that.
    measured.watching.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  await page.getByRole('textbox', { name: 'Message' }).pressSequentially(keys, { delay: 60 });
  const slowest = await page.evaluate(() => {
    const { keys: durations, watching } = window as unknown as {
      keys: number[];
      watching: PerformanceObserver;
    };
    for (const entry of watching.takeRecords() as KeyTiming[])
      if (entry.interactionId) durations.push(entry.duration);
    watching.disconnect();
    return Math.max(16, ...durations);
  });
  if (!(await page.getByRole('button', { name: 'Stop' }).isVisible()))
    throw new Error(
      `The answer had ended before the last key was pressed: ${(await page.getByRole('article').last().textContent())?.slice(-300)}`,
    );
  await page.getByRole('button', { name: 'Stop' }).click();
  await ended(page);
  return slowest;
}

/** The newest answer, in work or whole. A button that comes and goes would tell of neither for certain. */
const answer = (page: Page, isBusy: boolean) =>
  page.getByRole('article').last().locator(`.answer[aria-busy="${isBusy}"]`);
const ended = (page: Page) => answer(page, false).waitFor({ timeout: 120_000 });

async function ask(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill(text);
  await box.press('Enter');
  await page.getByRole('button', { name: 'Stop' }).waitFor({ timeout: 60_000 });
}

/** A new account, through the page. */
async function signUp(context: BrowserContext, app: App, mails: readonly Mail[]): Promise<Page> {
  const email = 'bench@example.com';
  const password = 'correct Horse 9 battery';
  const page = await context.newPage();
  await page.goto(app.url);
  await page.getByRole('tab', { name: 'Create Account' }).click();
  const form = page.getByRole('tabpanel');
  await form.getByLabel('Email', { exact: true }).fill(email);
  await form.getByLabel('Password', { exact: true }).fill(password);
  await form.getByLabel('Confirm Password', { exact: true }).fill(password);
  await form.getByRole('button', { name: 'Create Account' }).click();
  await page.getByLabel('Confirmation Code').waitFor();
  const code = mails.find(({ to }) => to === email)?.code;
  if (!code) throw new Error(`no code was mailed to ${email}`);
  await page.getByLabel('Confirmation Code').fill(code);
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  return page;
}
