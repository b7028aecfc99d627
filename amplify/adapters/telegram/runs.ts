import type { MessageEntity } from 'grammy/types';

/** A kind of formatting with its details; one instance for each place where it begins. */
export interface Mark {
  readonly type: 'bold' | 'italic' | 'strikethrough' | 'blockquote' | 'code' | 'pre' | 'text_link';
  readonly url?: string;
  readonly language?: string;
}

/** Text under the same marks, outermost first. Marks of one text lie inside each other or apart. */
export interface Run {
  readonly text: string;
  readonly marks: readonly Mark[];
}

export const lengthOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, { text }) => sum + text.length, 0);
export const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

/** The runs between two places, UTF-16 units. */
export function sliceRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const result: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') result.push({ ...run, text });
    at += run.text.length;
  }
  return result;
}

/** Without white space at both ends: Telegram takes it away itself. */
export function trimRuns(runs: readonly Run[]): Run[] {
  const text = textOf(runs);
  return sliceRuns(runs, text.length - text.trimStart().length, text.trimEnd().length);
}

/** A stretch of one mark; a mark that code interrupts has several. */
interface Stretch {
  readonly mark: Mark;
  readonly offset: number;
  length: number;
}

/** Text and entities as the Bot API takes them: offsets in UTF-16 units, nothing empty, code outside of everything but quotes. */
export function toEntities(runs: readonly Run[]): { text: string; entities: MessageEntity[] } {
  const stretches: Stretch[] = [];
  let open = new Map<Mark, Stretch>();
  let offset = 0;
  for (const { text, marks } of runs) {
    const next = new Map<Mark, Stretch>();
    for (const mark of marks) {
      const stretch = open.get(mark) ?? { mark, offset, length: 0 };
      if (!open.has(mark)) stretches.push(stretch);
      stretch.length += text.length;
      next.set(mark, stretch);
    }
    open = next;
    offset += text.length;
  }
  const text = textOf(runs);
  const entities = stretches.flatMap(({ mark, offset, length }) => {
    const inner = text.slice(offset, offset + length);
    const start = offset + inner.length - inner.trimStart().length;
    const end = offset + inner.trimEnd().length;
    return end > start ? [{ ...mark, offset: start, length: end - start } as MessageEntity] : [];
  });
  return { text, entities };
}
