import type { Clock } from '../../core/ports.ts';

/** A value is read anew after this, milliseconds… */
const keptMs = 5 * 60_000;
/** …or at somebody's wish, but no more often than this: wrong guesses must not cost a call each. */
const againMs = 10_000;

/** A parameter that is read once and kept for a while. */
export function keptParameter<Value>(read: () => Promise<Value>, now: Clock) {
  let kept: { value: Value; at: number } | undefined;
  const fresh = async (): Promise<Value> => {
    kept = { value: await read(), at: now() };
    return kept.value;
  };
  return {
    get: async (): Promise<Value> => (kept && now() - kept.at < keptMs ? kept.value : fresh()),
    /** Reads again, unless that was just done. */
    again: async (): Promise<Value> => (kept && now() - kept.at < againMs ? kept.value : fresh()),
  };
}
