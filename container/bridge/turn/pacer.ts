/** Waits between deltas of one answer, milliseconds: the first goes out at once, later ones ever more rarely. */
export const deltaSteps = [0, 300, 600, 1_000] as const;

export interface Delta {
  /** Counts from 1 within one attempt. */
  readonly seq: number;
  /** Where `text` begins in the answer, UTF-16 units; what stood behind it is replaced. */
  readonly offset: number;
  readonly text: string;
}

export interface Timers {
  now(): number;
  /** Calls back after `ms`; returns a function that forgets it. */
  after(ms: number, callback: () => void): () => void;
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Length of the common beginning, never inside a surrogate pair. */
function commonLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  const last = length > 0 ? a.charCodeAt(length - 1) : 0;
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}

/**
 * Turns a growing (and sometimes rewritten) text into few deltas. It looks at the whole text each time, so a rewrite
 * needs no special case: the delta then begins where the texts part.
 */
export class DeltaPacer {
  readonly #send: (delta: Delta) => void;
  readonly #timers: Timers;
  #wanted = '';
  #sent = '';
  #seq = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(send: (delta: Delta) => void, timers: Timers = realTimers) {
    this.#send = send;
    this.#timers = timers;
  }

  /** Deltas given out so far. */
  get seq(): number {
    return this.#seq;
  }

  /** The text that the deltas so far add up to: what a checkpoint with `seq` must hold. */
  get sent(): string {
    return this.#sent;
  }

  update(text: string): void {
    this.#wanted = text;
    if (this.#cancel || this.#wanted === this.#sent) return;
    const step = deltaSteps[Math.min(this.#seq, deltaSteps.length - 1)] ?? 0;
    const wait = this.#lastAt + step - this.#timers.now();
    if (wait <= 0) this.flush();
    else this.#cancel = this.#timers.after(wait, () => this.flush());
  }

  /** Gives out at once what has not been given out. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#wanted === this.#sent) return;
    const offset = commonLength(this.#sent, this.#wanted);
    this.#seq++;
    this.#lastAt = this.#timers.now();
    this.#sent = this.#wanted;
    this.#send({ seq: this.#seq, offset, text: this.#wanted.slice(offset) });
  }

  /** Gives out nothing more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = () => {};
  }
}
