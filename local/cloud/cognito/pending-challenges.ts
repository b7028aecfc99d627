import { randomBytes } from 'node:crypto';

/**
 * What a sign-in waits for between two requests, under a token that nobody can guess. It lives in memory:
 * a restart only makes people begin that sign-in again. A token works once.
 */
export class PendingChallenges<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly expires: number }>();
  readonly #most: number;

  constructor(most = 1000) {
    this.#most = most;
  }

  /** `expires` and `now` in seconds since 1970. The token is base64, as SRP's secret block must be. */
  put(value: T, expires: number, now: number): string {
    for (const [token, entry] of this.#entries) {
      if (entry.expires <= now || this.#entries.size >= this.#most) this.#entries.delete(token);
    }
    const token = randomBytes(96).toString('base64');
    this.#entries.set(token, { value, expires });
    return token;
  }

  /** Lets a token that was taken work once more. */
  keep(token: string, value: T, expires: number): void {
    this.#entries.set(token, { value, expires });
  }

  /** Undefined when the token is unknown, used or too old. */
  take(token: string, now: number): T | undefined {
    const entry = this.#entries.get(token);
    this.#entries.delete(token);
    return entry && entry.expires > now ? entry.value : undefined;
  }
}
