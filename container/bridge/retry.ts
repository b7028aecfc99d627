import { setTimeout as delay } from 'node:timers/promises';
import { Unreachable } from './appsync/error.ts';

const firstWait = 250;
const longestWait = 5_000;

/**
 * Calls until it is answered: only Unreachable is tried again, with growing waits. Ends with the last error when
 * `signal` is aborted (the bridge is leaving, or its lease is lost).
 */
export async function untilAnswered<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Unreachable) || signal.aborted) throw error;
      try {
        await delay(wait * (0.5 + Math.random() / 2), undefined, { signal });
      } catch {
        throw error;
      }
    }
  }
}
