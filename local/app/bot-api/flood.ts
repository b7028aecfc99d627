import { Refusal } from './refusal.ts';

/** So many calls at once, and one more every so many milliseconds. */
interface Rate {
  readonly burst: number;
  readonly everyMs: number;
}

/**
 * Telegram publishes one message a second in a chat and twenty a minute in a group, and allows short bursts.
 * https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
const rates = {
  private: { burst: 5, everyMs: 1000 },
  group: { burst: 20, everyMs: 3000 },
  draft: { burst: 3, everyMs: 900 },
} as const satisfies Record<string, Rate>;

/** Counts calls by chat and refuses those that come too fast. */
export class Flood {
  readonly #now: () => number;
  readonly #used = new Map<string, { level: number; at: number }>();
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws the Refusal 429 with the seconds to wait. */
  take(kind: keyof typeof rates, chat: number, count = 1): void {
    const { burst, everyMs } = rates[kind];
    const key = `${kind} ${chat}`;
    const now = this.#now();
    const last = this.#used.get(key) ?? { level: 0, at: now };
    const level = Math.max(0, last.level - (now - last.at) / everyMs);
    if (level + 1 > burst) {
      const seconds = Math.max(1, Math.ceil(((level + 1 - burst) * everyMs) / 1000));
      throw new Refusal(429, `Too Many Requests: retry after ${seconds}`, seconds);
    }
    // An album is taken whole, and what comes after it waits for all of it.
    this.#used.set(key, { level: level + count, at: now });
  }
}
