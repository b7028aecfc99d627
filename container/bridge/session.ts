import type { Backend, MessageKey, PulledMessage } from './appsync/backend.ts';
import { Bounced, Refused } from './appsync/error.ts';
import { describeError, type Log } from './log.ts';
import { Quiet, type QuietPorts } from './quiet.ts';
import { untilAnswered } from './retry.ts';
import { plan, turnKey } from './turn/plan.ts';
import type { Turn } from './turn/turn.ts';
import type { TurnResult } from './turn/turn-ports.ts';

/** Pulls come at least this often: they renew the lease, which lives 120 s. */
const pullEvery = 30_000;
/** Without an acknowledged pull for this long, another task may soon hold the lease: OpenClaw must not act any more. */
export const leaseSilence = 90_000;
/** A pull that failed is tried again after this. */
const pullRetry = 3_000;
/** Turn keys that are remembered as finished: more than a pull can hold. */
const rememberedTurns = 200;

export interface SessionPorts extends Omit<QuietPorts, 'isBusy' | 'tell'> {
  readonly backend: Backend;
  readonly log: Log;
  readonly signal: AbortSignal;
  makeTurn(message: PulledMessage, onBounce: (key: MessageKey) => void): Turn;
  /** The lease is another task's, or may be: end OpenClaw now. */
  onLeaseLost(reason: string): void;
  /** A turn ended, or more may have changed. */
  onActivity(): void;
}

/**
 * The task's part of the conversation with the app: pulls, claims, runs turns, and knows when it is quiet.
 * It does not stop OpenClaw or the process: that is main.ts's.
 */
export class Session {
  readonly #ports: SessionPorts;
  readonly #quiet: Quiet;
  readonly #turns = new Map<string, Turn>();
  readonly #claiming = new Set<string>();
  readonly #finished = new Set<string>();
  #ends = new Set<Promise<void>>();
  #pulling: Promise<void> | undefined;
  #again = false;
  #paused = true;
  #waiting = 0;
  #wakeSeq = 0;
  /** Has a message been claimed? */
  #served = false;
  /** When the last pull that was acknowledged was asked, by a clock that nobody sets. */
  #acknowledgedAt = performance.now();
  #pullTimer: NodeJS.Timeout | undefined;
  #joinTimer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #reports: Promise<void> = Promise.resolve();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#quiet = new Quiet({ ...ports, isBusy: () => this.busy, tell: (sleepsAt) => this.#tell(sleepsAt) });
  }

  get wakeSeq(): number {
    return this.#wakeSeq;
  }

  get busy(): boolean {
    return this.#turns.size > 0 || this.#claiming.size > 0 || this.#waiting > 0;
  }

  /** quiet.ts. */
  get quietUntil(): string | undefined {
    return this.#quiet.quietUntil;
  }

  /** How long there was a message in work since this was last asked, milliseconds. */
  takeWorked(): number {
    return this.#quiet.takeWorked();
  }

  /** Begins to watch the lease. Heartbeats go out from now on; messages are taken after `resume`. */
  start(): void {
    this.#acknowledgedAt = performance.now();
    this.#watchdog = setInterval(() => {
      const silence = performance.now() - this.#acknowledgedAt;
      if (silence >= leaseSilence)
        this.#ports.onLeaseLost(`no pull was acknowledged for ${Math.round(silence / 1000)} s`);
    }, 1_000);
    this.ring();
  }

  /** Takes messages from now on. `refused`: it could not leave because something runs in the background. */
  resume(refused?: 'refused'): void {
    this.#paused = false;
    this.#quiet.resume(refused);
    this.ring();
  }

  /** Takes no more messages; heartbeats go on. */
  pause(): void {
    this.#paused = true;
    this.#quiet.pause();
  }

  stop(): void {
    this.pause();
    clearTimeout(this.#pullTimer);
    clearTimeout(this.#joinTimer);
    clearInterval(this.#watchdog);
  }

  /** There may be something to pull. Rings during a pull lead to one more. */
  ring(): void {
    this.#again = true;
    this.#pulling ??= this.#pullAll().finally(() => {
      this.#pulling = undefined;
    });
  }

  /** Resolves when no turn runs any more, at the latest after `ms`. */
  async turnsEnded(ms: number): Promise<boolean> {
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, ms);
    while (this.#ends.size > 0) {
      const before = this.#ends;
      await Promise.race([Promise.all(before), timeout.promise]);
      if (this.#ends === before && this.#ends.size > 0) break;
    }
    clearTimeout(timer);
    return this.#ends.size === 0;
  }

  /** Ends every running turn because the task must leave. */
  abortTurns(): void {
    for (const turn of this.#turns.values()) void turn.abort('leaving');
  }

  async #pullAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      clearTimeout(this.#pullTimer);
      let next = pullEvery;
      try {
        await this.#pull();
      } catch (error) {
        if (error instanceof Bounced || (error instanceof Refused && error.code === 'unauthorized')) {
          this.#ports.onLeaseLost(describeError(error));
          return;
        }
        this.#ports.log('warn', 'pull.failed', { error: describeError(error) });
        next = pullRetry;
      }
      if (!this.#ports.signal.aborted) this.#pullTimer = setTimeout(() => this.ring(), next);
    }
  }

  async #pull(): Promise<void> {
    const askedAt = performance.now();
    const result = await this.#ports.backend.pull(this.#quiet.sleepsAt);
    // The lease was renewed when the pull arrived there: its answer may have been long on its way.
    this.#acknowledgedAt = askedAt;
    this.#wakeSeq = result.wakeSeq;
    this.#quiet.wish(result);
    const running = new Map([...this.#turns.values()].map(({ key }) => [key.conversationId, key.id]));
    const todo = plan(result.messages, { running, finished: this.#finished });
    for (const id of todo.stop) void this.#turns.get(id)?.abort('user');
    for (const { id, approvalId, decision } of todo.decide)
      void this.#turns.get(id)?.decide(approvalId, decision);
    const open = result.messages.filter((message) => !this.#finished.has(turnKey(message)));
    this.#waiting = open.filter(({ id }) => !this.#turns.has(id)).length;
    if (!this.#paused) {
      // Claims go one after the other: two messages of a conversation must not both count as its first.
      for (const message of todo.interrupt) await this.#claim(message, (claimed) => this.#interrupt(claimed));
      for (const message of todo.start) await this.#claim(message, async (claimed) => this.#run(claimed));
    }
    clearTimeout(this.#joinTimer);
    if (todo.lookAgainIn !== undefined) this.#joinTimer = setTimeout(() => this.ring(), todo.lookAgainIn);
    this.#quiet.settle();
  }

  async #claim(message: PulledMessage, next: (message: PulledMessage) => Promise<void>): Promise<void> {
    const { backend, log, signal } = this.#ports;
    const key = { conversationId: message.conversationId, id: message.id, attempt: message.attempt };
    this.#claiming.add(message.id);
    try {
      const { toolsRan } = await untilAnswered(() => backend.claim(key, message.attachments.length), signal);
      // A task that had lost the lease marked it after the pull: the next pull has all of it.
      if (toolsRan && !message.toolsRan) {
        this.#again = true;
        return;
      }
      log('info', 'turn.claimed', {
        messageId: message.id,
        attempt: message.attempt,
        ...this.#wake(message),
      });
      await next(message);
    } catch (error) {
      // Deleted, stopped or retried meanwhile: the next pull tells.
      log('warn', 'claim.failed', { messageId: message.id, error: describeError(error) });
    } finally {
      this.#claiming.delete(message.id);
    }
  }

  /** How long the message that woke this task has waited for it. One that an earlier task had claimed woke another. */
  #wake({ acceptedAt, attempt, claims }: PulledMessage) {
    const isFirst = !this.#served;
    this.#served = true;
    if (!isFirst || attempt > 1 || claims) return {};
    return { metrics: { WakeSeconds: (Date.now() - Date.parse(acceptedAt)) / 1000 } };
  }

  /** It must not run again by itself: the message ends with what its last checkpoint holds. */
  async #interrupt(message: PulledMessage): Promise<void> {
    const now = new Date().toISOString();
    await untilAnswered(
      () =>
        this.#ports.backend.commit(
          { conversationId: message.conversationId, id: message.id, attempt: message.attempt },
          {
            ...(message.toolsRan
              ? { status: 'interrupted' as const }
              : { status: 'failed' as const, error: { code: 'task.lost' as const } }),
            seq: message.seq,
            answer: message.answer,
            tools: message.tools.map((card) =>
              card.status === 'running' ? { ...card, status: 'failed' as const, finishedAt: now } : card,
            ),
          },
        ),
      this.#ports.signal,
    );
    this.#remember(message);
    this.#ports.log('info', 'turn.interrupted', { messageId: message.id, attempt: message.attempt });
    this.#again = true;
  }

  #run(message: PulledMessage): void {
    const { log } = this.#ports;
    const turn = this.#ports.makeTurn(message, (key) => {
      log('warn', 'turn.bounced', { messageId: key.id });
      // Whose fault it is, the lease's or the row's, the next pull tells.
      this.ring();
    });
    this.#turns.set(message.id, turn);
    const end = turn
      .run()
      .catch((error: unknown): TurnResult => {
        log('error', 'turn.failed', { messageId: message.id, error: describeError(error) });
        return 'left';
      })
      .then((result) => {
        this.#turns.delete(message.id);
        if (result === 'committed' || result === 'dropped') this.#remember(message);
        log('info', 'turn.ended', { messageId: message.id, attempt: message.attempt, result });
        this.#ports.onActivity();
        this.#ends = new Set([...this.#ends].filter((other) => other !== end));
        if (!this.#ports.signal.aborted && result !== 'again') this.ring();
      });
    this.#ends = new Set([...this.#ends, end]);
    this.#ports.onActivity();
  }

  #remember(message: PulledMessage): void {
    this.#finished.add(turnKey(message));
    for (const oldest of this.#finished) {
      if (this.#finished.size <= rememberedTurns) break;
      this.#finished.delete(oldest);
    }
  }

  #tell(sleepsAt: string | null): void {
    this.#reports = this.#reports.then(() =>
      this.#ports.backend.report({ sleepsAt }).catch((error: unknown) => {
        this.#ports.log('warn', 'report.lost', { error: describeError(error) });
      }),
    );
  }
}
