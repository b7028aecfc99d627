import type { CloudContext, InvokeResult } from '../service.ts';

/** Sets a timer; gives what clears it. Tests bring their own. */
export type Timer = (run: () => void, milliseconds: number) => () => void;

/** Node's own, which keeps no process alive and takes longer waits in steps. */
export const realTimer: Timer = (run, milliseconds) => {
  const timer = setTimeout(run, Math.min(milliseconds, 2 ** 31 - 1));
  timer.unref();
  return () => clearTimeout(timer);
};

/** Attempts of one delivery: the event, and two more after errors, as Lambda makes of an asynchronous invocation. */
export const maxAttempts = 3;

/** Deliveries under way. */
export interface Deliveries {
  /** Calls a function until it succeeds or the attempts are used up. */
  start(functionArn: string, payload: unknown, attempts?: number): void;
  /** Does something later, unless the cloud closes before. */
  later(milliseconds: number, run: () => void): void;
  settled(): Promise<void>;
  /** From now on nothing is tried again. */
  stopRetrying(): void;
}

export function createDeliveries(context: CloudContext, timer: Timer, retryMs: number): Deliveries {
  const active = new Set<Promise<void>>();
  const closing = Promise.withResolvers<void>();
  let closed = false;

  async function deliver(functionArn: string, payload: unknown, attempts: number): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const result: InvokeResult = await context.invoke(functionArn, payload).catch((error: unknown) => ({
        functionError: 'Unhandled' as const,
        payload: { errorMessage: String(error) },
      }));
      if (!result.functionError) return;
      const { errorMessage } = (result.payload ?? {}) as { errorMessage?: string };
      context.log({
        service: 'events',
        event: 'delivery.failed',
        function: functionArn,
        attempt,
        error: errorMessage,
      });
      if (attempt === attempts) return;
      await wait(retryMs * attempt);
      if (closed) return;
    }
  }

  async function wait(milliseconds: number): Promise<void> {
    let clear = () => {};
    const pause = new Promise<void>((resolve) => {
      clear = timer(resolve, milliseconds);
    });
    await Promise.race([pause, closing.promise]);
    clear();
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => active.delete(tracked));
    active.add(tracked);
  }

  return {
    start: (functionArn, payload, attempts = maxAttempts) => track(deliver(functionArn, payload, attempts)),
    later: (milliseconds, run) =>
      track(
        wait(milliseconds).then(() => {
          if (!closed) run();
        }),
      ),
    async settled() {
      while (active.size > 0) await Promise.all(active);
    },
    stopRetrying() {
      closed = true;
      closing.resolve();
    },
  };
}
