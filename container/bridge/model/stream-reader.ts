import { codeForStreamError, type ModelFailureCode } from './failure.ts';
import type { ModelFormat, Reading } from './format/format.ts';
import { isObject, objectOf, type ToldTokens, textBytes } from './tokens.ts';

/** What one piece of a model's answer says. */
export interface Piece {
  /** A tool call begins or goes on in this piece. */
  readonly tool: boolean;
  /** What it adds to the text for people. */
  readonly text: string;
  readonly failure?: { readonly code: ModelFailureCode; readonly detail: string };
}

/**
 * Follows a streamed answer (server-sent events) without changing it: finds tool calls, tokens, the proper end, and
 * what is not such a stream. It judges whole lines, so a reader that gets a piece only after it was judged here can
 * never act on a tool call that was not seen.
 */
export class StreamReader {
  readonly #format: ModelFormat;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #finished = false;
  #tokens: ToldTokens | undefined;
  #written = 0;

  constructor(format: ModelFormat) {
    this.#format = format;
  }

  /** Whether the answer came to an end that its API calls one. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Tokens of this call as far as they were told; absent when the API has told none. */
  get tokens(): ToldTokens | undefined {
    return this.#tokens;
  }

  /** Bytes of what the model wrote and was seen. */
  get written(): number {
    return this.#written;
  }

  read(chunk: Uint8Array): Piece {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    return this.#judge(lines);
  }

  /** Judges what is left when the stream ends without a last line break. */
  end(): Piece {
    const lines = this.#rest ? [this.#rest] : [];
    this.#rest = '';
    return this.#judge(lines);
  }

  #judge(lines: readonly string[]): Piece {
    let tool = false;
    let text = '';
    for (const line of lines) {
      if (line === '' || /^(event|id|retry)?:/.test(line)) continue;
      if (!line.startsWith('data:')) return { tool, text, failure: garbage('not an event stream') };
      const data = line.slice(5).trim();
      if (data === '[DONE]') {
        this.#finished = true;
        continue;
      }
      let value: unknown;
      try {
        value = JSON.parse(data);
      } catch {
        return { tool, text, failure: garbage('an event that is not JSON') };
      }
      if (!isObject(value)) return { tool, text, failure: garbage('an event that is no object') };
      const reading = this.#format.readEvent(value, this.#tokens);
      this.#note(reading);
      if (reading.error) return { tool, text, failure: answerError(reading.error) };
      tool ||= reading.tool;
      text += reading.text ?? '';
    }
    return { tool, text };
  }

  #note({ tokens, finished, written }: Reading): void {
    if (tokens) this.#tokens = tokens;
    if (finished) this.#finished = true;
    if (written) this.#written += textBytes(written);
  }
}

const garbage = (detail: string) => ({ code: 'model.garbage', detail }) as const;

function answerError(error: unknown): { code: ModelFailureCode; detail: string } {
  const fields = objectOf(error);
  const type = `${fields.type ?? ''} ${fields.code ?? ''}`.trim();
  const message = typeof error === 'string' ? error : String(fields.message ?? '');
  return { code: codeForStreamError(type || message), detail: (message || type).slice(0, 200) };
}
