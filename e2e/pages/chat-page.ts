import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from './words.ts';

export class ChatPage {
  readonly page: Page;
  readonly log: Locator;
  readonly composer: Locator;
  readonly words: Words;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.log = page.getByRole('log', { name: words.log });
    this.composer = page.getByRole('textbox', { name: words.message });
  }

  /** Waits until the page can be written in. */
  async isOpen(): Promise<void> {
    await expect(this.composer).toBeVisible({ timeout: 30_000 });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole('button', { name: this.words.send, exact: true }).click();
    await expect(this.composer).toHaveValue('');
  }

  /** The newest message with its answer, as far as it is there. */
  get answer(): Locator {
    return this.log.getByRole('article').last();
  }

  /** The line of a tool's use, by what it was told to do. */
  toolLine(title: string): Locator {
    return this.answer.getByRole('group').locator('summary').filter({ hasText: title });
  }

  get wakeProgress(): Locator {
    return this.page.getByRole('progressbar', { name: this.words.waking });
  }

  get stopButton(): Locator {
    return this.page.getByRole('button', { name: this.words.stop, exact: true });
  }

  get approveButton(): Locator {
    return this.page.getByRole('button', { name: this.words.approve });
  }

  /** Waits until nothing is in work. */
  async isDone(timeout = 60_000): Promise<void> {
    await expect(this.stopButton).toBeHidden({ timeout });
  }

  /** The names of what the progress bar said, in order, until it goes. */
  async wakePhases(): Promise<string[]> {
    await expect(this.wakeProgress).toBeVisible();
    const seen: string[] = [];
    while (await this.wakeProgress.isVisible()) {
      const text = await this.wakeProgress
        .getAttribute('aria-valuetext', { timeout: 1000 })
        .catch(() => null);
      if (text && seen.at(-1) !== text) seen.push(text);
      await this.page.waitForTimeout(50);
    }
    return seen;
  }

  async openConversations(): Promise<void> {
    const button = this.page.getByRole('button', { name: this.words.openConversations });
    if (await button.isVisible()) await button.click();
  }

  async signOut(): Promise<void> {
    await this.openConversations();
    await this.page.getByRole('button', { name: this.words.signOut }).click();
  }

  /** Sets how long the agent waits before it sleeps, as the settings page would; its choices begin at minutes. */
  async sleepsAfter(seconds: number, endpoint: string): Promise<void> {
    const errors = await this.page.evaluate(
      async ({ seconds, endpoint }) => {
        const key = Object.keys(localStorage).find((name) => name.endsWith('.accessToken')) ?? '';
        const query = `mutation Save($settings: AWSJSON!) { saveSettings(settings: $settings, revision: 0) { owner kind body } }`;
        const settings = JSON.stringify({ idleSeconds: seconds });
        const reply = await fetch(`${endpoint}/graphql`, {
          method: 'POST',
          headers: { authorization: localStorage.getItem(key) ?? '', 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables: { settings } }),
        });
        return ((await reply.json()) as { errors?: unknown }).errors ?? null;
      },
      { seconds, endpoint },
    );
    expect(errors).toBeNull();
  }
}
