import { setTimeout as pause } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import { Api, GrammyError } from 'grammy/web';
import type { BotAccess } from '../../../amplify/adapters/telegram/client.ts';
import { allowedUpdates } from '../../../amplify/adapters/telegram/read-update.ts';

export interface Poller {
  /** Resolves when nothing is fetched any more: it was stopped, or its token is not good. */
  readonly ended: Promise<void>;
  /** Ends it. An update that is being handed over gets a moment to be taken. */
  stop(): Promise<void>;
}

interface Webhook {
  readonly webhookUrl: string;
  readonly secret: string;
}

/** After a fault, and for an update that is being handed over when it is stopped, milliseconds. */
const usual = { retryMs: 2_000, graceMs: 5_000 };
const longPollSeconds = 25;

/**
 * Fetches a bot's updates one by one and hands each to the webhook until it is taken, as Telegram itself does with an
 * address that it can reach; carries out the call that an answer may hold. Asking for the next update tells Telegram that
 * the last one is taken: one that was not comes again, also after a restart. `report` gets a sentence for people when
 * something begins to go wrong; a token that is not good any more ends it.
 */
export function pollUpdates(
  { token, apiRoot }: BotAccess,
  webhook: Webhook,
  report: (fault: string) => void,
  { retryMs, graceMs }: { retryMs: number; graceMs: number } = usual,
): Poller {
  const api = new Api(token, { apiRoot, sensitiveLogs: false });
  const over = new AbortController();
  const cut = new AbortController();
  let offset = 0;
  let reported: string | undefined;
  const tell = (fault: string | undefined): void => {
    if (fault !== undefined && fault !== reported && !over.signal.aborted) report(fault);
    reported = fault;
  };

  const next = async (timeout: number, signal?: AbortSignal): Promise<Update | undefined> => {
    const asked = { offset, limit: 1, timeout, allowed_updates: allowedUpdates };
    const [update] = await api.getUpdates(asked, signal as never);
    return update;
  };

  async function hand(update: Update): Promise<boolean> {
    const response = await fetch(webhook.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhook.secret },
      body: JSON.stringify(update),
      signal: cut.signal,
    });
    if (!response.ok) return false;
    const text = await response.text();
    const { method, ...input } = (text ? JSON.parse(text) : {}) as { method?: string };
    const calls = api.raw as unknown as Record<string, (input: object) => Promise<unknown>>;
    // Nobody is told what became of it, as with a real webhook.
    if (method !== undefined) await calls[method]?.(input).catch(() => undefined);
    return true;
  }

  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        const update = await next(longPollSeconds, over.signal);
        tell(undefined);
        if (!update) continue;
        while (!(await hand(update))) await pause(retryMs, undefined, { signal: over.signal });
        offset = update.update_id + 1;
      } catch (error) {
        tell(faultOf(error));
        if (error instanceof GrammyError && error.error_code === 401) return;
        await pause(retryMs, undefined, { signal: over.signal }).catch(() => undefined);
      }
    }
  };
  const ended = run();
  return {
    ended,
    stop: async () => {
      over.abort();
      const grace = setTimeout(() => cut.abort(), graceMs);
      await ended;
      clearTimeout(grace);
      // What was taken last does not come again.
      if (offset > 0) await next(0, AbortSignal.timeout(retryMs)).catch(() => undefined);
    },
  };
}

/** What a person can do about it. Nothing of grammY's own errors: they hold what was sent. */
function faultOf(error: unknown): string {
  if (!(error instanceof GrammyError))
    return 'Telegram, or the webhook on this machine, is not reached; trying again.';
  const { error_code, description } = error;
  if (error_code === 401) {
    return 'Telegram does not know the token any more. Copy it again from @BotFather and start anew.';
  }
  if (error_code === 409 && /webhook/.test(description)) {
    return 'Somebody has set a webhook for this bot: its messages go there. Use another bot here, or take that away.';
  }
  if (error_code === 409) {
    return 'Another program fetches this bot’s messages. Stop it, or use another bot here.';
  }
  return `Telegram refuses: ${error_code} ${description}`;
}
