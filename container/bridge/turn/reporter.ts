import type { Approval, ToolCard } from '../../../amplify/core/message.ts';
import type { Backend, MessageKey, Thought } from '../appsync/backend.ts';
import { Bounced } from '../appsync/error.ts';
import { describeError, type Log } from '../log.ts';
import { DeltaPacer, realTimers, type Timers } from './pacer.ts';

/** A checkpoint is at most this old while text comes in, milliseconds. */
const checkpointEvery = 2_000;

export type ProgressStep = 'preparing' | 'model-starting' | 'thinking' | 'model-retrying';

/**
 * Tells the owner's pages how one turn goes on, and keeps its checkpoint young. Nothing here is needed for the
 * answer to be right: what cannot be sent is left out, and a page that misses a delta reads the checkpoint.
 */
export class TurnReporter {
  readonly #key: MessageKey;
  readonly #epoch: number;
  readonly #backend: Pick<Backend, 'publish' | 'checkpoint'>;
  readonly #log: Log;
  readonly #timers: Timers;
  readonly #onBounce: () => void;
  readonly #tools: () => readonly ToolCard[];
  readonly #thought: () => Thought | undefined;
  readonly #pacer: DeltaPacer;
  #outbox: Promise<void> = Promise.resolve();
  #checkpointAt: number;
  #cancelCheckpoint: (() => void) | undefined;
  #dirty = false;
  #step: ProgressStep | undefined;
  #stopped = false;

  constructor(input: {
    key: MessageKey;
    epoch: number;
    backend: Pick<Backend, 'publish' | 'checkpoint'>;
    log: Log;
    tools: () => readonly ToolCard[];
    thought: () => Thought | undefined;
    onBounce: () => void;
    timers?: Timers;
  }) {
    this.#key = input.key;
    this.#epoch = input.epoch;
    this.#backend = input.backend;
    this.#log = input.log;
    this.#tools = input.tools;
    this.#thought = input.thought;
    this.#onBounce = input.onBounce;
    this.#timers = input.timers ?? realTimers;
    this.#checkpointAt = this.#timers.now();
    this.#pacer = new DeltaPacer((delta) => {
      this.#publish('message.delta', { epoch: this.#epoch, attempt: this.#key.attempt, ...delta });
      this.#touch();
    }, this.#timers);
  }

  get seq(): number {
    return this.#pacer.seq;
  }

  text(text: string): void {
    if (!this.#stopped) this.#pacer.update(text);
  }

  tool(card: ToolCard): void {
    // What was written before the tool stands above its card.
    if (!this.#stopped) this.#pacer.flush();
    this.#publish('message.tool', { epoch: this.#epoch, attempt: this.#key.attempt, tool: card });
    this.#touch();
  }

  /** The model thinks: that is told; what it thinks is only kept, for who asks. */
  thinking(): void {
    this.progress('thinking');
    this.#touch();
  }

  progress(step: ProgressStep): void {
    if (step === this.#step) return;
    this.#step = step;
    this.#publish('message.progress', { attempt: this.#key.attempt, step });
  }

  approval(approval: Approval | null): void {
    this.#publish('message.approval', { attempt: this.#key.attempt, approval });
  }

  /** Says nothing more, and resolves when what was said before has gone out (or has had `graceMs` to). */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#pacer.stop();
    this.#cancelCheckpoint?.();
    const grace = Promise.withResolvers<void>();
    const cancel = this.#timers.after(graceMs, grace.resolve);
    await Promise.race([this.#outbox, grace.promise]);
    cancel();
  }

  #publish(kind: Parameters<Backend['publish']>[0], body: Readonly<Record<string, unknown>>): void {
    if (!this.#stopped) this.#enqueue(() => this.#backend.publish(kind, this.#key, body));
  }

  #touch(): void {
    this.#dirty = true;
    if (this.#cancelCheckpoint) return;
    const wait = Math.max(0, this.#checkpointAt + checkpointEvery - this.#timers.now());
    this.#cancelCheckpoint = this.#timers.after(wait, () => {
      this.#cancelCheckpoint = undefined;
      if (!this.#dirty || this.#stopped) return;
      this.#dirty = false;
      this.#checkpointAt = this.#timers.now();
      this.#enqueue(async () => {
        await this.#backend.checkpoint(this.#key, {
          seq: this.#pacer.seq,
          answer: this.#pacer.sent,
          tools: this.#tools(),
          thought: this.#thought(),
        });
      });
    });
  }

  /** One after the other, so that nothing overtakes. */
  #enqueue(send: () => Promise<void>): void {
    this.#outbox = this.#outbox.then(async () => {
      try {
        await send();
      } catch (error) {
        if (error instanceof Bounced) this.#onBounce();
        else this.#log('warn', 'turn.report_lost', { messageId: this.#key.id, error: describeError(error) });
      }
    });
  }
}
