/**
 * OpenClaw tells something of a turn every few seconds, and a model that is silent is given up within minutes
 * (model/upstream.ts). A turn of which nothing was heard for this long does not go on, milliseconds.
 */
export const silenceMs = 30 * 60_000;

/** Watches that a turn goes on. */
export class SignOfLife {
  readonly #mayBeSilent: () => boolean;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `mayBeSilent`: a command or a person takes as long as it takes. */
  constructor(mayBeSilent: () => boolean, onSilence: () => void) {
    this.#mayBeSilent = mayBeSilent;
    this.#onSilence = onSilence;
  }

  /** Something was heard of it. */
  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#mayBeSilent() ? this.heard() : this.#onSilence()), silenceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
