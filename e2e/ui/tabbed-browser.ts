import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContext, chromium } from '@playwright/test';
import { findBrowser } from '../../local/app/bootstrap/browser.mjs';

/**
 * A browser in which a tab behind another one is hidden, as people's are: Playwright's own pages believe that they are
 * all looked at. `args`: as Playwright would pass them.
 */
export async function startTabbedBrowser(
  args: readonly string[],
): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'tabbed-browser-'));
  const browser = spawn(
    findBrowser() ?? chromium.executablePath(),
    ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...args, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = once(browser, 'exit');
  const close = async () => {
    browser.kill();
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const connected = await chromium.connectOverCDP(await addressIn(browser.stderr), { noDefaults: true });
    const [context] = connected.contexts();
    if (!context) throw new Error('The browser has no window');
    return {
      context,
      close: async () => {
        await connected.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address) {
      output.resume();
      return address;
    }
  }
  throw new Error('The browser ended before it could be reached');
}
