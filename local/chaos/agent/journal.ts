import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What the scripted agent has done, one JSON object a line, outside its state: no kill and no restored snapshot takes
 * anything of it back. `run` is the gateway's run key, `messageId:attempt`.
 * begin: a run started on request. resumed: the agent took it up by itself at its start. tool: a tool was used.
 * final: it came to its end, with this text.
 */
const entry = z.object({
  at: z.number(),
  /** Names one process of the agent. */
  boot: z.string(),
  run: z.string().optional(),
  event: z.enum(['boot', 'begin', 'resumed', 'tool', 'final', 'aborted', 'failed']),
  text: z.string().optional(),
});
export type JournalEntry = z.infer<typeof entry>;

/** Appends in one write, so that the lines of several agents do not mix. */
export function note(file: string, value: JournalEntry): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`);
}

/** All entries in the order in which they were written; a line that a kill cut off is left out. */
export function readJournal(file: string): JournalEntry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [entry.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
}
