import type { DeliverResult } from '../../../amplify/core/channel/deliver-result.ts';
import { webChannel } from '../../../amplify/core/message.ts';
import type { Backend, MessageKey } from '../appsync/backend.ts';
import { describeError, type Log } from '../log.ts';
import type { Timers } from '../turn/pacer.ts';

/** After a call that failed, milliseconds. */
const retryMs = 3_000;

type Place = Pick<MessageKey, 'conversationId' | 'id'>;

/**
 * Has one message brought to the channel by which it came: soon after it changed, at the pace that the app asks for, and
 * again after a while, because what channels show of somebody who writes fades. It knows no channel.
 */
class Courier {
  readonly #deliver: () => Promise<DeliverResult>;
  readonly #timers: Timers;
  readonly #onDone: () => void;
  readonly #onFault: (error: unknown) => void;
  #cancel: (() => void) | undefined;
  #isOut = false;
  #isWanted = false;
  #isOver = false;
  #notBefore = 0;

  constructor(
    deliver: () => Promise<DeliverResult>,
    timers: Timers,
    on: { done: () => void; fault: (error: unknown) => void },
  ) {
    this.#deliver = deliver;
    this.#timers = timers;
    this.#onDone = on.done;
    this.#onFault = on.fault;
  }

  /** The message has changed. Changes while a call is out lead to one more. */
  nudge(): void {
    if (this.#isOut) this.#isWanted = true;
    else this.#after(Math.max(0, this.#notBefore - this.#timers.now()));
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel?.();
  }

  #after(ms: number): void {
    this.#cancel?.();
    if (!this.#isOver) this.#cancel = this.#timers.after(ms, () => void this.#go());
  }

  async #go(): Promise<void> {
    this.#isOut = true;
    this.#isWanted = false;
    let wait = retryMs;
    try {
      const { state, paceMs, againMs } = await this.#deliver();
      if (state === 'done') {
        this.stop();
        this.#onDone();
        return;
      }
      this.#notBefore = this.#timers.now() + paceMs;
      wait = this.#isWanted || state === 'waits' ? paceMs : Math.max(paceMs, againMs);
    } catch (error) {
      this.#onFault(error);
      this.#notBefore = this.#timers.now() + retryMs;
    } finally {
      this.#isOut = false;
    }
    this.#after(wait);
  }
}

/**
 * The app's fields for a task that has messages of channels: whatever it stores of one of them is followed by a word to
 * the app to bring it. Messages of the web app are left alone. What is not brought when the task ends, the app looks after.
 */
export function withCouriers(backend: Backend, { log, timers }: { log: Log; timers: Timers }): Backend {
  const couriers = new Map<string, Courier>();
  const watch = ({ conversationId, id }: Place) => {
    if (couriers.has(id)) return;
    const courier = new Courier(() => backend.deliver({ conversationId, id }), timers, {
      done: () => couriers.delete(id),
      fault: (error) => log('warn', 'courier.failed', { messageId: id, error: describeError(error) }),
    });
    couriers.set(id, courier);
    courier.nudge();
  };
  return {
    ...backend,
    async pull(sleepsAt) {
      const result = await backend.pull(sleepsAt);
      for (const message of result.messages) if (message.channel !== webChannel) watch(message);
      return result;
    },
    async report(report) {
      await backend.report(report);
      if (report.phase) for (const courier of couriers.values()) courier.nudge();
    },
    async claim(key, files) {
      const claimed = await backend.claim(key, files);
      couriers.get(key.id)?.nudge();
      return claimed;
    },
    async checkpoint(key, checkpoint) {
      await backend.checkpoint(key, checkpoint);
      couriers.get(key.id)?.nudge();
    },
    async commit(key, outcome) {
      await backend.commit(key, outcome);
      couriers.get(key.id)?.nudge();
    },
  };
}
