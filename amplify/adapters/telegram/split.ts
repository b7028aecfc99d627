import type { Block } from './markdown.ts';
import { lengthOf, type Run, sliceRuns, textOf, trimRuns } from './runs.ts';

/** What one message takes, UTF-16 units. https://core.telegram.org/bots/api#sendmessage */
export const maxLength = 4096;
/** Entities that one message takes; Telegram drops more without a word. */
const maxMarks = 100;
const gap: Run = { text: '\n\n', marks: [] };

const marksIn = (runs: readonly Run[]): number => {
  // A mark that code interrupts counts each time it goes on.
  let count = 0;
  let open: readonly unknown[] = [];
  for (const { marks } of runs) {
    count += marks.filter((mark) => !open.includes(mark)).length;
    open = marks;
  }
  return count;
};
const fits = (runs: readonly Run[], limit: number): boolean =>
  lengthOf(runs) <= limit && marksIn(runs) <= maxMarks;

/** Puts blocks together into messages that fit, at block borders; a block that is too long is cut where it hurts least. */
export function splitBlocks(blocks: readonly Block[], limit = maxLength): readonly (readonly Run[])[] {
  const parts: (readonly Run[])[] = [];
  let part: readonly Run[] = [];
  for (const block of blocks.flatMap((each) => pieces(each, limit))) {
    const longer = part.length === 0 ? block : [...part, gap, ...block];
    if (fits(longer, limit)) part = longer;
    else {
      parts.push(part);
      part = block;
    }
  }
  parts.push(part);
  return parts.map(trimRuns).filter((runs) => lengthOf(runs) > 0);
}

function pieces(block: Block, limit: number): readonly Block[] {
  const result: Block[] = [];
  let rest = block;
  while (!fits(rest, limit)) {
    const at = cutAt(rest, limit);
    result.push(sliceRuns(rest, 0, at));
    rest = sliceRuns(rest, at, lengthOf(rest));
  }
  result.push(rest);
  return result.filter((piece) => textOf(piece).trim() !== '');
}

/** Where to cut: after the last line that fits, else after a word, else between two letters. At least one unit. */
function cutAt(runs: readonly Run[], limit: number): number {
  let most = Math.min(limit, lengthOf(runs));
  // Fewer marks: no further than the run that has one too many.
  for (let at = 0, count = 0; count < runs.length; count += 1) {
    if (marksIn(runs.slice(0, count + 1)) > maxMarks) {
      most = Math.min(most, Math.max(at, 1));
      break;
    }
    at += runs[count]?.text.length ?? 0;
  }
  const text = textOf(runs).slice(0, most);
  const enough = most >> 1;
  // A line of code that begins with white space would lose it at the head of a message.
  const whole = textOf(runs);
  for (let at = text.lastIndexOf('\n'); at >= enough; at = text.lastIndexOf('\n', at - 1)) {
    if (!/\s/.test(whole[at + 1] ?? 'x')) return at + 1;
  }
  for (const mark of ['\n', ' ']) {
    const at = text.lastIndexOf(mark);
    if (at >= enough) return at + 1;
  }
  const last = text.charCodeAt(most - 1);
  const isTorn = most > 1 && last >= 0xd800 && last <= 0xdbff && most < whole.length;
  return isTorn ? most - 1 : most;
}
