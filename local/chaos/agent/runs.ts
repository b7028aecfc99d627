import { setTimeout as delay } from 'node:timers/promises';
import { note } from './journal.ts';
import { askModel, type Lane } from './model-call.ts';
import { fromText } from './script.ts';
import type { Transcript } from './transcript.ts';

export interface RunPorts {
  readonly journal: string;
  /** Names this process in the journal. */
  readonly boot: string;
  readonly transcript: Transcript;
  laneOf(sessionKey: string): Lane;
  /** Tells the connected client. */
  tell(event: string, payload: Record<string, unknown>): void;
}

interface Run {
  readonly key: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly abort: AbortController;
  answer: string;
}

/** The agent's turns: each follows the script in its message, and is written down in transcript and journal. */
export class Runs {
  readonly #ports: RunPorts;
  readonly #active = new Map<string, Run>();
  readonly #finished = new Set<string>();
  #tools = 0;

  constructor(ports: RunPorts) {
    this.#ports = ports;
  }

  get busy(): boolean {
    return this.#active.size > 0;
  }

  /** OpenClaw's own restart recovery: what stood as running runs again. */
  resume(): void {
    for (const { sessionKey, run, text } of this.#ports.transcript.unfinished())
      this.#start('resumed', sessionKey, run, text);
  }

  /** Gives what chat.send answers. */
  send(sessionKey: string, key: string, text: string): { runId: string; status: string } {
    if ([...this.#active.values()].some((run) => run.key === key)) return { runId: key, status: 'in_flight' };
    if (this.#finished.has(key)) return { runId: key, status: 'ok' };
    this.#start('begin', sessionKey, key, text);
    return { runId: key, status: 'started' };
  }

  abort(sessionKey: string): boolean {
    const run = this.#active.get(sessionKey);
    run?.abort.abort();
    return run !== undefined;
  }

  #start(how: 'begin' | 'resumed', sessionKey: string, key: string, text: string): void {
    const run: Run = { key, sessionKey, text, abort: new AbortController(), answer: '' };
    // A run that can't be written down (the disk is full) does not begin.
    this.#ports.transcript.begin(sessionKey, key, text);
    this.#active.set(sessionKey, run);
    this.#note(run, how);
    void this.#follow(run).finally(() => {
      this.#finished.add(key);
      if (this.#active.get(sessionKey) === run) this.#active.delete(sessionKey);
    });
  }

  async #follow(run: Run): Promise<void> {
    const { transcript } = this.#ports;
    try {
      for (const step of fromText(run.text)) {
        const lane = this.#ports.laneOf(run.sessionKey);
        const wantsTool = await askModel(lane, step.do === 'tool' ? 'tool' : 'text', run.abort.signal);
        if (step.do === 'say') await this.#say(run, step.words, step.pause);
        else if (wantsTool) await this.#useTool(run, step.takes);
        else throw new Error('the model did not ask for the tool');
      }
      // Tells this run from any other of the same key.
      run.answer += `by ${this.#ports.boot}`;
      transcript.end(run.sessionKey, run.key, run.answer, 'done');
      this.#note(run, 'final', run.answer);
      this.#chat(run, 'final');
    } catch (error) {
      transcript.end(run.sessionKey, run.key, run.answer, 'killed');
      const aborted = run.abort.signal.aborted;
      this.#note(run, aborted ? 'aborted' : 'failed', aborted ? undefined : String(error));
      if (aborted) this.#chat(run, 'aborted');
      else
        this.#ports.tell('chat', {
          runId: run.key,
          sessionKey: run.sessionKey,
          state: 'error',
          errorMessage: String(error),
        });
    }
  }

  async #say(run: Run, words: number, pause: number): Promise<void> {
    for (let n = 1; n <= words; n += 1) {
      run.answer += `word-${n} `;
      this.#chat(run, 'delta');
      await delay(pause, undefined, { signal: run.abort.signal });
    }
  }

  async #useTool(run: Run, takes: number): Promise<void> {
    this.#tools += 1;
    const data = { name: 'exec', toolCallId: `${this.#ports.boot}-${this.#tools}` };
    const tell = (more: Record<string, unknown>) =>
      this.#ports.tell('agent', { runId: run.key, stream: 'tool', data: { ...data, ...more } });
    tell({ phase: 'start', args: { command: 'make a mark' } });
    // The side effect: it has happened, whatever happens next.
    this.#note(run, 'tool');
    await delay(takes, undefined, { signal: run.abort.signal });
    tell({ phase: 'result', result: { content: [{ type: 'text', text: 'made' }] } });
  }

  #chat(run: Run, state: 'delta' | 'final' | 'aborted'): void {
    this.#ports.tell('chat', {
      runId: run.key,
      sessionKey: run.sessionKey,
      state,
      message: { role: 'assistant', content: [{ type: 'text', text: run.answer }] },
    });
  }

  #note(run: Run, event: 'begin' | 'resumed' | 'tool' | 'final' | 'aborted' | 'failed', text?: string): void {
    const { journal, boot } = this.#ports;
    note(journal, { at: Date.now(), boot, run: run.key, event, ...(text === undefined ? {} : { text }) });
  }
}
