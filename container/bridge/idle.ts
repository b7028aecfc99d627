/** When an agent that has nothing to do leaves. All times in milliseconds since 1970. */
export class IdleClock {
  readonly #idleMs: number;
  readonly #firstIdleMs: number;
  #hasWorked = false;
  #keepUntil = 0;
  #quietSince: number | undefined;
  #workingSince: number | undefined;
  #workedMs = 0;

  /** `firstIdleSeconds`: before the first work. */
  constructor(idleSeconds: number, firstIdleSeconds = idleSeconds) {
    this.#idleMs = idleSeconds * 1_000;
    this.#firstIdleMs = firstIdleSeconds * 1_000;
  }

  /** Takes what is known now. */
  observe(busy: boolean, now: number): void {
    this.#hasWorked ||= busy;
    if (busy) {
      this.#quietSince = undefined;
      this.#workingSince ??= now;
    } else {
      this.#quietSince ??= now;
      if (this.#workingSince !== undefined) this.#workedMs += now - this.#workingSince;
      this.#workingSince = undefined;
    }
  }

  /** How long there was work since this was last asked, milliseconds. */
  takeWorked(now: number): number {
    const worked = this.#workedMs + (this.#workingSince === undefined ? 0 : now - this.#workingSince);
    if (this.#workingSince !== undefined) this.#workingSince = now;
    this.#workedMs = 0;
    return Math.max(0, Math.round(worked));
  }

  /** Stays at least until then; undefined takes it back. */
  keepUntil(time: number | undefined): void {
    this.#keepUntil = time ?? 0;
  }

  /** Begins the quiet time anew, e.g. because leaving did not work out. */
  restart(now: number): void {
    this.#quietSince = now;
  }

  /** When the quiet time is over; undefined while it works. */
  get quietUntil(): number | undefined {
    if (this.#quietSince === undefined) return undefined;
    return this.#quietSince + (this.#hasWorked ? this.#idleMs : this.#firstIdleMs);
  }

  /** When the agent leaves if nothing comes; undefined while it works. */
  get sleepsAt(): number | undefined {
    const { quietUntil } = this;
    return quietUntil === undefined ? undefined : Math.max(quietUntil, this.#keepUntil);
  }
}
