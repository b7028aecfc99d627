import { createInterface, type Interface } from 'node:readline';
import { Fault } from '../app/bootstrap/fault.mjs';

/** Questions to the person at the keyboard. Answers come from a terminal or, line by line, from a pipe. */
export interface Dialogue {
  /**
   * Asks until `check` gives no complaint; from a pipe, a complaint is a Fault. An empty answer takes `fallback`, where
   * there is one. A `secret` answer is not shown.
   */
  ask(question: string, options?: Question): Promise<string>;
  say(line: string): void;
  close(): void;
}

export interface Question {
  readonly fallback?: string;
  readonly secret?: boolean;
  /** What is wrong with an answer, if anything. */
  readonly check?: (answer: string) => string | undefined;
}

interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

export function openDialogue(
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Dialogue {
  const isTerminal = input.isTTY === true;
  const lines = createInterface({ input, output: isTerminal ? output : undefined, terminal: isTerminal });
  const next = reader(lines);

  async function answerTo(question: string, secret: boolean): Promise<string> {
    output.write(question);
    if (!isTerminal || !secret) return next();
    const restore = hideEcho(lines);
    try {
      return await next();
    } finally {
      restore();
      output.write('\n');
    }
  }

  return {
    say: (line) => void output.write(`${line}\n`),
    async ask(question, { fallback, secret = false, check = () => undefined } = {}) {
      for (;;) {
        const hint = fallback ? ` [${fallback}]` : '';
        const given = (await answerTo(`  ${question}${hint}: `, secret)).trim();
        if (!isTerminal) output.write('\n');
        const answer = given || (fallback ?? '');
        const complaint = check(answer);
        if (complaint === undefined) return answer;
        if (!isTerminal) throw new Fault(`${question}: ${complaint}`, 'Nothing was changed by this answer.');
        output.write(`    ${complaint}\n`);
      }
    },
    close: () => lines.close(),
  };
}

/** Lines one by one, however fast they come. Throws a Fault at their end. */
function reader(lines: Interface): () => Promise<string> {
  const waiting: string[] = [];
  let wanted: PromiseWithResolvers<string> | undefined;
  let ended = false;
  const over = () => new Fault('There was no answer.', 'Run it again and answer each question.');
  lines.on('line', (line) => {
    if (wanted) wanted.resolve(line);
    else waiting.push(line);
    wanted = undefined;
  });
  lines.on('close', () => {
    ended = true;
    wanted?.reject(over());
  });
  return async () => {
    const line = waiting.shift();
    if (line !== undefined) return line;
    if (ended) throw over();
    wanted = Promise.withResolvers<string>();
    return wanted.promise;
  };
}

/** Keeps readline from writing what is typed. Gives what undoes it. */
function hideEcho(lines: Interface): () => void {
  const writer = lines as unknown as { _writeToOutput(text: string): void };
  const before = writer._writeToOutput;
  writer._writeToOutput = () => {};
  return () => {
    writer._writeToOutput = before;
  };
}
