/** The server's time, as far as the page knows it. Milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** The server told its time in a call that began and ended at these times of the device. */
  correct(serverTime: string, begun: number, ended: number): void;
}

/** A clock that trusts the device until the server says otherwise. */
export function createClock(device: () => number = Date.now): Clock {
  let offset = 0;
  return {
    now: () => device() + offset,
    correct: (serverTime, begun, ended) => {
      const server = Date.parse(serverTime);
      if (Number.isNaN(server)) return;
      // The answer's time lies somewhere within the call: what the call's length explains is not a fault of the clock.
      const drift = server - (begun + ended) / 2;
      if (Math.abs(drift - offset) > (ended - begun) / 2 + 500) offset = drift;
    },
  };
}
