const fence = /^ {0,3}(`{3,}|~{3,})/;
/** A line that may belong to the block before it even after a blank line: indented, or a list that goes on. */
const continues = /^(\s|[-*+]\s|\d{1,9}[.)]\s|>)/;
/** Definitions are looked up from anywhere in a text: such a text stays in one piece. */
const definition = /^ {0,3}\[[^\]\n]+\]:/m;

/**
 * Cuts Markdown into blocks that can be drawn one by one, so that of a long answer that streams in
 * only the last block is drawn anew. Joined, the blocks are the text.
 */
export function markdownBlocks(text: string): string[] {
  if (definition.test(text)) return [text];
  const blocks: string[] = [];
  let block = '';
  let open: string | null = null;
  let blank = false;
  for (const line of text.split(/(?<=\n)/)) {
    if (open === null && blank && line.trim() && !continues.test(line)) {
      blocks.push(block);
      block = '';
    }
    block += line;
    const mark = fence.exec(line)?.[1];
    if (mark && open === null) open = mark;
    else if (mark && open !== null && mark[0] === open[0] && mark.length >= open.length) open = null;
    blank = line.trim() === '';
  }
  if (block) blocks.push(block);
  return blocks;
}
