import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from '../local/app/bootstrap/browser.mjs';

const asRoot = process.getuid?.() === 0;

/** A browser that talks to nobody but the page's own servers. */
const args = [
  // Chromium's sandbox refuses root; nobody else gives it up.
  ...(asRoot ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

// Where none is found Playwright takes its own build (`playwright install chromium`).
const browser = findBrowser();
const launchOptions = { args, ...(browser ? { executablePath: browser } : {}) };

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // One whole stack with its agents is what two cores carry.
  workers: 1,
  // A wake is ten seconds and more; several of them are in some tests.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.E2E_REPORT
    ? [['list'], ['json', { outputFile: process.env.E2E_REPORT }]]
    : [['list']],
  use: {
    launchOptions,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    reducedMotion: 'reduce',
  },
  projects: [
    {
      name: 'desktop',
      testIgnore: '**/*.phone.spec.ts',
      use: { ...devices['Desktop Chrome'], locale: 'en-US', channel: undefined },
    },
    // The web app alone, on a backend in memory: what needs no agent.
    {
      name: 'ui',
      testDir: './ui',
      testMatch: '**/*.ui.ts',
      testIgnore: '**/screens.ui.ts',
      use: { ...devices['Desktop Chrome'], locale: 'en-US', channel: undefined },
    },
    ...(process.env.SCREENS ? [{ name: 'screens', testDir: './ui', testMatch: '**/screens.ui.ts' }] : []),
    {
      name: 'phone',
      testMatch: '**/*.phone.spec.ts',
      use: { ...devices['Pixel 7'], locale: 'ko-KR', timezoneId: 'Asia/Seoul' },
    },
  ],
});
