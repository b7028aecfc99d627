import type { ToolCard } from '../../amplify/core/message.ts';

/** An answer in the order in which it came: text, and the tools that were used between. */
export type AnswerPart =
  | { kind: 'text'; key: string; text: string }
  | { kind: 'tools'; key: string; tools: ToolCard[] };

const fence = /^ {0,3}(`{3,}|~{3,})/;

/** The end of the fenced code that is open at `at`; `at` itself outside of code. */
function outsideFence(text: string, at: number): number {
  let open: string | null = null;
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end + 1;
    if (start >= at && open === null) return at;
    const mark = fence.exec(text.slice(start, next))?.[1];
    if (mark && open === null) open = mark;
    else if (mark && open !== null && mark[0] === open[0] && mark.length >= open.length) {
      open = null;
      if (start >= at) return next;
    }
    start = next;
  }
  return open === null ? at : text.length;
}

/** Cuts an answer where its tools were called. A cut never falls into a block of code. */
export function answerParts(text: string, tools: readonly ToolCard[]): AnswerPart[] {
  const parts: AnswerPart[] = [];
  let from = 0;
  for (const tool of tools) {
    const at = outsideFence(text, Math.min(Math.max(tool.at, from), text.length));
    const before = text.slice(from, at);
    if (before.trim()) parts.push({ kind: 'text', key: `text-${from}`, text: before });
    const last = parts.at(-1);
    if (last?.kind === 'tools') last.tools.push(tool);
    else parts.push({ kind: 'tools', key: tool.id, tools: [tool] });
    from = at;
  }
  const rest = text.slice(from);
  if (rest.trim()) parts.push({ kind: 'text', key: `text-${from}`, text: rest });
  return parts;
}
