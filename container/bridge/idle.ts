/** When an agent that has nothing to do leaves. All times in milliseconds since 1970. */
export class IdleClock {
  readonly #idleMs: number;
  #quietSince: number | undefined;

  constructor(idleSeconds: number) {
    this.#idleMs = idleSeconds * 1_000;
  }

  /** Takes what is known now. */
  observe(busy: boolean, now: number): void {
    if (busy) this.#quietSince = undefined;
    else this.#quietSince ??= now;
  }

  /** Begins the quiet time anew, e.g. because leaving did not work out. */
  restart(now: number): void {
    this.#quietSince = now;
  }

  /** When the agent leaves if nothing comes; undefined while it works. */
  get sleepsAt(): number | undefined {
    return this.#quietSince === undefined ? undefined : this.#quietSince + this.#idleMs;
  }
}
