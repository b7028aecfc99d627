import { setTimeout as delay } from 'node:timers/promises';
import type { When } from './plan.ts';

/** What is to be done once moments have come, and what is under way. */
export class Schedule {
  readonly #planned = new Map<When['after'], { wait: number; work: () => Promise<void> }[]>();
  readonly #came = new Set<When['after']>();
  readonly #under = new Set<Promise<void>>();
  #waiting = 0;

  /** Nothing is under way; what waits for a moment that has not come does not count. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  plan(when: When, work: () => Promise<void>): void {
    const list = this.#planned.get(when.after) ?? [];
    list.push({ wait: when.delay, work });
    this.#planned.set(when.after, list);
  }

  /** Only the first time counts. */
  came(moment: When['after']): void {
    if (this.#came.has(moment)) return;
    this.#came.add(moment);
    for (const { wait, work } of this.#planned.get(moment) ?? []) this.later(wait, work);
  }

  later(wait: number, work: () => Promise<void>): void {
    this.#waiting += 1;
    const done = delay(Math.max(0, wait))
      .then(work)
      .finally(() => {
        this.#waiting -= 1;
        this.#under.delete(done);
      });
    this.#under.add(done);
  }

  /** Resolves when nothing is under way. Rejects with what something under way failed with. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }
}
