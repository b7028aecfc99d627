// @ts-check
import { Fault } from './fault.mjs';

/**
 * Tells what happens: lines for people, or one JSON object a line for machines.
 * @typedef {object} Progress
 * @property {<T>(title: string, work: () => Promise<T> | T) => Promise<T>} step
 *   Runs `work` and says how long it took. A step that lasts longer than a second also says that it began.
 * @property {(text: string, fields?: Record<string, unknown>) => void} say One line.
 * @property {(error: unknown) => void} fail A fault: what, why and what to do.
 * @property {boolean} json
 */

/** @param {number} ms */
export const inSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * @param {{ json?: boolean; out?: { write(text: string): unknown }; now?: () => number }} [options]
 * @returns {Progress}
 */
export function createProgress({ json = false, out = process.stdout, now = Date.now } = {}) {
  /** @param {string} text @param {Record<string, unknown>} fields */
  const line = (text, fields) => {
    out.write(json ? `${JSON.stringify({ time: new Date(now()).toISOString(), ...fields })}\n` : `${text}\n`);
  };
  return {
    json,
    async step(title, work) {
      const begun = now();
      const timer = setTimeout(() => line(`  … ${title}`, { event: 'step.begun', title }), 1000);
      try {
        const result = await work();
        const ms = now() - begun;
        line(`  ✓ ${title} (${inSeconds(ms)})`, { event: 'step.done', title, ms });
        return result;
      } catch (error) {
        const ms = now() - begun;
        line(`  ✗ ${title} (${inSeconds(ms)})`, { event: 'step.failed', title, ms });
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    say(text, fields = {}) {
      line(text === '' ? '' : `  ${text}`, { event: 'note', text, ...fields });
    },
    fail(error) {
      const fault = error instanceof Fault ? error : undefined;
      const message = error instanceof Error ? error.message : String(error);
      const detail = fault ? fault.detail : error instanceof Error ? error.stack : undefined;
      const parts = [detail, '', message, fault?.resolution].filter((part) => part !== undefined);
      line(parts.join('\n'), { event: 'failed', message, resolution: fault?.resolution, detail });
    },
  };
}
