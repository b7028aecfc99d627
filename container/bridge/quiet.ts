import { IdleClock } from './idle.ts';

/** When leaving at the user's wish did not work out, it is tried again after this. */
const sleepRetry = 10_000;

/** Milliseconds since 1970 by a clock that nobody sets while we run: a correction must not end or prolong a session. */
const steadyNow = () => Math.round(performance.timeOrigin + performance.now());
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

export interface QuietPorts {
  readonly idleSeconds: number;
  /** Before the first message, where that is another. */
  readonly firstIdleSeconds?: number | undefined;
  isBusy(): boolean;
  /** Tells people when the agent sleeps if nothing comes; null while it works. */
  tell(sleepsAt: string | null): void;
  /**
   * Nothing has happened for the idle time (or the user asked for sleep). `isOver`: what runs in the background has
   * been waited for long enough.
   */
  onQuiet(isOver: boolean): void;
}

/** Knows when a session is quiet, tells people when that changes, and says so when it is time to leave. */
export class Quiet {
  readonly #ports: QuietPorts;
  readonly #idle: IdleClock;
  #paused = true;
  #sleepRequested = false;
  /** When it last tried to leave. */
  #triedAt = 0;
  /** What people were last told about when the agent leaves. */
  #told: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: QuietPorts) {
    this.#ports = ports;
    this.#idle = new IdleClock(ports.idleSeconds, ports.firstIdleSeconds);
  }

  /** When it would leave, as it is known (ISO 8601). */
  get sleepsAt(): string | undefined {
    const { sleepsAt } = this.#idle;
    return sleepsAt === undefined ? undefined : iso(sleepsAt);
  }

  /** When it would leave if nobody kept it awake (ISO 8601): a successor goes on from there. Undefined while it works. */
  get quietUntil(): string | undefined {
    const isBusy = this.#ports.isBusy();
    this.#idle.observe(isBusy, steadyNow());
    const until = this.#sleepRequested && !isBusy ? steadyNow() : this.#idle.quietUntil;
    return until === undefined ? undefined : iso(until);
  }

  /** How long there was a message in work since this was last asked, milliseconds. */
  takeWorked(): number {
    return this.#idle.takeWorked(Date.now());
  }

  /** What the user wishes. */
  wish(wish: { sleepRequested: boolean; keepAwakeUntil?: string | null | undefined }): void {
    this.#sleepRequested = wish.sleepRequested;
    this.#idle.keepUntil(wish.keepAwakeUntil ? Date.parse(wish.keepAwakeUntil) : undefined);
  }

  /** `refused`: it could not leave because something runs in the background. Else the quiet time begins anew. */
  resume(refused?: 'refused'): void {
    this.#paused = false;
    if (refused) this.#idle.refused(steadyNow());
    else this.#idle.restart(steadyNow());
  }

  pause(): void {
    this.#paused = true;
    clearTimeout(this.#timer);
  }

  /** Sees whether it is quiet, tells people when that changes, and sets the alarm. */
  settle(): void {
    const now = steadyNow();
    this.#idle.observe(this.#ports.isBusy(), now);
    if (this.#paused) return;
    const { sleepsAt } = this.#idle;
    if (sleepsAt !== this.#told) {
      this.#told = sleepsAt;
      this.#ports.tell(sleepsAt === undefined ? null : iso(sleepsAt));
    }
    clearTimeout(this.#timer);
    const triesAt = this.#idle.triesAt(this.#triedAt);
    if (triesAt === undefined) return;
    const at = this.#sleepRequested ? this.#triedAt + sleepRetry : triesAt;
    this.#timer = setTimeout(() => this.#try(), Math.max(0, at - now));
  }

  #try(): void {
    if (this.#ports.isBusy() || this.#paused) return;
    this.#triedAt = steadyNow();
    this.#ports.onQuiet(this.#idle.isOver(this.#triedAt, this.#sleepRequested));
  }
}
