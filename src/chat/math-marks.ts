/** Code, where nothing is math: fenced blocks (also one that is still open), then spans. */
const code =
  /(^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n {0,3}\2[`~]*[ \t]*(?=\n|$)|$(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\3(?!`))/m;

/** `\[ … \]` as a block, `\( … \)` within a line. */
const brackets = /\\\[([\s\S]+?)\\\]|\\\(((?:[^\n]|\n(?!\n))+?)\\\)/g;

/** `$x$` as Pandoc reads it: no space inside, no digit behind. `$5 and $10` stays money. */
const dollars = /(?<![\\$\w])\$(?![\s$])([^$\n]*?[^\s$\\])\$(?![\d$])/g;

const block = (formula: string) => `\n$$\n${formula.trim()}\n$$\n`;
const inline = (formula: string) => `$$${formula}$$`;

const rewrite = (text: string): string =>
  text
    .replace(brackets, (_, display?: string, span?: string) =>
      display === undefined ? inline(span ?? '') : block(display),
    )
    .replace(/^[ \t]*\$\$([^\n$]+)\$\$[ \t]*$/gm, (_, formula: string) => block(formula).trim())
    .replace(dollars, (_, formula: string) => inline(formula));

/** Brings the ways in which models mark formulas to the one that is read, `$$ … $$`. Code stays as it is. */
export function unifyMathMarks(text: string): string {
  if (!/[$\\]/.test(text)) return text;
  const found = code.exec(text);
  if (!found) return rewrite(text);
  const end = found.index + found[0].length;
  return rewrite(text.slice(0, found.index)) + found[0] + unifyMathMarks(text.slice(end));
}
