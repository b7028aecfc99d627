/** The time of the service that we call, as far as it differs from ours. */
export interface ServerClock {
  now(): Date;
  /** Takes the `Date` header of an answer. True when we were so far off that this may be why it refused a signature. */
  hear(date: string | null): boolean;
}

/** A header of whole seconds, on an answer that may have been long on its way, is not the exact time, milliseconds. */
const tolerated = 60_000;

/**
 * A signature that is more than five minutes off is refused. So what counts is the service's clock: ours may be wrong
 * from the start, and be set while we run. `steady`: milliseconds since 1970 by a clock that nobody sets.
 */
export function serverClock(steady = () => performance.timeOrigin + performance.now()): ServerClock {
  let offset = 0;
  return {
    now: () => new Date(steady() + offset),
    hear: (date) => {
      const error = Date.parse(date ?? '') - steady() - offset;
      if (!(Math.abs(error) > tolerated)) return false;
      offset += error;
      return true;
    },
  };
}
