/** What still runs in the background is waited for so long after the quiet time, milliseconds. */
export const backgroundMs = 30 * 60_000;
/** The same, once the user has asked for sleep. */
export const wishedMs = 60_000;
/** Whether something still runs is asked this often. */
const askAgain = 60_000;

/** When an agent that has nothing to do leaves. All times in milliseconds since 1970. */
export class IdleClock {
  readonly #idleMs: number;
  readonly #firstIdleMs: number;
  #hasWorked = false;
  #keepUntil = 0;
  #quietSince: number | undefined;
  #refusedAt: number | undefined;
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
      this.#refusedAt = undefined;
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
    this.#refusedAt = undefined;
  }

  /** It could not leave: something runs in the background that is no message's. */
  refused(now: number): void {
    this.#refusedAt ??= now;
  }

  /** Has what runs in the background been waited for long enough? */
  isOver(now: number, isWished: boolean): boolean {
    if (this.#refusedAt === undefined) return false;
    return now >= this.#refusedAt + (isWished ? wishedMs : backgroundMs);
  }

  /** When the quiet time is over; undefined while it works. */
  get quietUntil(): number | undefined {
    if (this.#quietSince === undefined) return undefined;
    return this.#quietSince + (this.#hasWorked ? this.#idleMs : this.#firstIdleMs);
  }

  /** When the agent has left at the latest if nothing comes; undefined while it works. */
  get sleepsAt(): number | undefined {
    const { quietUntil } = this;
    if (quietUntil === undefined) return undefined;
    return Math.max(
      this.#refusedAt === undefined ? quietUntil : this.#refusedAt + backgroundMs,
      this.#keepUntil,
    );
  }

  /** When it tries to leave, after it tried at `lastTry`; undefined while it works. */
  triesAt(lastTry: number): number | undefined {
    const { sleepsAt } = this;
    if (sleepsAt === undefined || this.#refusedAt === undefined) return sleepsAt;
    return Math.max(Math.min(lastTry + askAgain, sleepsAt), this.#keepUntil);
  }
}
