import { test as base } from '@playwright/test';
import { ChatPage } from './pages/chat-page.ts';
import { SignInPage } from './pages/sign-in-page.ts';
import { words } from './pages/words.ts';
import { type RunningStack, startStack } from './stack/running-stack.ts';

interface PerTest {
  signIn: SignInPage;
  chat: ChatPage;
  /** A new account's page, signed in. */
  signedIn: ChatPage;
  /** Messages of the browser's console that are errors; a test ends with none. */
  pageErrors: string[];
}

interface PerWorker {
  stack: RunningStack;
}

export const test = base.extend<PerTest, PerWorker>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const stack = await startStack({ telegram: true });
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: ({ stack }, use) => use(stack.url),
  pageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) errors.push(message.text());
      });
      await use(errors);
      test.expect(errors, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],
  signIn: ({ page, stack, locale }, use) => use(new SignInPage(page, stack, words(locale))),
  chat: async ({ page, locale }, use) => {
    const chat = new ChatPage(page, words(locale));
    // Where the agent can't have a user of its own (not root, a closed parent folder) its commands ask first.
    await page.addLocatorHandler(chat.approveButton, (button) => button.click());
    await use(chat);
  },
  signedIn: async ({ signIn, chat }, use) => {
    await signIn.signUp();
    await chat.isOpen();
    await use(chat);
  },
});

export const { expect } = test;
