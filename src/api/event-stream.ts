import type { SubscriptionHandlers } from './realtime.ts';

/** Milliseconds before the next try, by the number of failures in a row. */
const waits = [300, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** A connection that was silent for longer than AppSync's keep-alive interval is not trusted after a pause. */
const stale = 65_000;

/** What keeps a subscription up: one that subscribes once, and the handlers of `Api.openEvents`. */
interface StreamHandlers {
  onData(data: Record<string, unknown>): void;
  onConnected(): void;
  onDisconnected(): void;
}

/**
 * Keeps one subscription up: subscribes again, at once and then ever more slowly, until it is closed.
 * `checkNow` is for moments at which the network or the device came back.
 */
export function keepSubscribed(
  subscribeOnce: (handlers: SubscriptionHandlers) => { close(): void; lastSign(): number },
  handlers: StreamHandlers,
): { close(): void; checkNow(): void } {
  let current: { close(): void; lastSign(): number } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;
  let ready = false;

  const start = () => {
    clearTimeout(timer);
    timer = undefined;
    current = subscribeOnce({
      onReady: () => {
        failures = 0;
        ready = true;
        handlers.onConnected();
      },
      onData: handlers.onData,
      onLost: () => {
        current = null;
        ready = false;
        handlers.onDisconnected();
        const wait = waits[Math.min(failures, waits.length - 1)] ?? 0;
        failures += 1;
        timer = setTimeout(start, wait * (0.75 + Math.random() / 2));
      },
    });
  };

  const checkNow = () => {
    if (closed) return;
    if (!current) {
      failures = 0;
      start();
    } else if (ready && Date.now() - current.lastSign() > stale) {
      current.close();
      ready = false;
      handlers.onDisconnected();
      start();
    }
  };

  start();
  return {
    checkNow,
    close: () => {
      closed = true;
      clearTimeout(timer);
      current?.close();
    },
  };
}
