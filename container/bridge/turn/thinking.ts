import { maxThinkingLength } from '../../../amplify/core/message.ts';
import type { Thought } from '../appsync/backend.ts';

const isHalf = (unit: string | undefined) => /[\uD800-\uDBFF]/.test(unit ?? '');

/**
 * What a turn's model calls thought, one after the other, with the time that they took for it. OpenClaw (2026.9.6) tells
 * the whole of one call's thinking with each event of the stream `thinking`, and begins anew with the next call.
 */
export class Thinking {
  readonly #done: string[] = [];
  #text = '';
  #ms = 0;
  #since: number | undefined;
  #until = 0;

  /** Whether anything was shown. */
  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** The whole of one call's thinking so far. `now`: milliseconds. */
  take(text: string, now: number): void {
    if (this.#text !== '' && !text.startsWith(this.#text)) {
      this.end();
      this.#done.push(this.#text);
    }
    this.#since ??= now;
    this.#until = now;
    this.#text = text;
  }

  /** Something else came: the thinking before it is over. */
  end(): void {
    if (this.#since !== undefined) this.#ms += this.#until - this.#since;
    this.#since = undefined;
  }

  /** Undefined when nothing was shown. */
  get thought(): Thought | undefined {
    if (this.isEmpty) return undefined;
    const ms = this.#ms + (this.#since === undefined ? 0 : this.#until - this.#since);
    const whole = [...this.#done, this.#text].join('\n\n');
    if (whole.length <= maxThinkingLength) return { text: whole, ms };
    const end = maxThinkingLength - 1;
    return { text: `${whole.slice(0, isHalf(whole[end - 1]) ? end - 1 : end)}…`, ms };
  }
}
