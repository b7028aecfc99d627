import { test as base } from '@playwright/test';
import { startPageServer } from './page-server.ts';
import type { Given } from './scenes.ts';

interface PerTest {
  /** Opens the app at an address of it (`/c/…`), with these rows in its backend. */
  openApp(path: string, given?: Given): Promise<void>;
  /** What the browser complained about; a test ends with nothing. */
  complaints: string[];
}

export const test = base.extend<PerTest, { server: { url: string } }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const server = await startPageServer();
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: ({ server }, use) => use(server.url),
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await use(complaints);
      test.expect(complaints, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],
  openApp: ({ page }, use) =>
    use(async (path, given = {}) => {
      await page.addInitScript((rows) => {
        window.given = rows;
      }, given);
      await page.goto(`/#${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }),
});

export const { expect } = test;
