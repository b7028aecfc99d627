/** What a test may ask the model to do wrong, by writing e.g. `fault: cut`. */
export const faults = ['refuse', 'key', 'rate', 'unavailable', 'timeout', 'stall', 'garbage', 'cut'] as const;
export type Fault = (typeof faults)[number];

/** The fault that a message asks for; undefined for any other message. */
export function faultOf(asked: string): Fault | undefined {
  const name = /^fault: (\w+)/.exec(asked)?.[1];
  return faults.find((fault) => fault === name);
}

/** Faults that are an HTTP answer of their own. */
export const faultStatus: Partial<Record<Fault, number>> = {
  refuse: 400,
  key: 401,
  rate: 429,
  unavailable: 503,
};
