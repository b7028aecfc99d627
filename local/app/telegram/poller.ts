import { setTimeout as pause } from 'node:timers/promises';
import { Api } from 'grammy/web';
import type { BotAccess } from '../../../amplify/adapters/telegram/client.ts';
import { allowedUpdates } from '../../../amplify/adapters/telegram/read-update.ts';

export interface Poller {
  stop(): Promise<void>;
}

/** After a fault, milliseconds. */
const retryMs = 2_000;
const longPollSeconds = 25;

/**
 * Fetches a bot's updates and hands each to the webhook, in order, until it is taken, as Telegram itself does with
 * an address that it can reach; carries out the call that an answer may hold.
 */
export function pollUpdates(
  { token, apiRoot }: BotAccess,
  webhook: { readonly webhookUrl: string; readonly secret: string },
): Poller {
  const api = new Api(token, { apiRoot, sensitiveLogs: false });
  const over = new AbortController();

  async function hand(update: object): Promise<boolean> {
    const response = await fetch(webhook.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhook.secret },
      body: JSON.stringify(update),
      signal: over.signal,
    });
    if (!response.ok) return false;
    const text = await response.text();
    const { method, ...input } = (text ? JSON.parse(text) : {}) as { method?: string };
    const calls = api.raw as unknown as Record<string, (input: object) => Promise<unknown>>;
    // Nobody is told what became of it, as with a real webhook.
    if (method !== undefined) await calls[method]?.(input).catch(() => undefined);
    return true;
  }

  const run = async () => {
    let offset = 0;
    while (!over.signal.aborted) {
      try {
        const updates = await api.getUpdates(
          { offset, timeout: longPollSeconds, allowed_updates: allowedUpdates },
          over.signal as never,
        );
        for (const update of updates) {
          while (!(await hand(update))) await pause(retryMs, undefined, { signal: over.signal });
          offset = update.update_id + 1;
        }
      } catch {
        if (!over.signal.aborted)
          await pause(retryMs, undefined, { signal: over.signal }).catch(() => undefined);
      }
    }
  };
  const ended = run();
  return {
    stop: async () => {
      over.abort();
      await ended;
    },
  };
}
