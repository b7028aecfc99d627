import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from '@shikijs/core';
import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript';
import { grammarFor } from './code-languages.ts';

/** A piece of code and what it is; null for plain text. */
export interface Token {
  text: string;
  kind: string | null;
}

/**
 * A longer line is minified or data, and is shown plain. With it each line takes little time, so none is cut off by the
 * clock: the first one pays for the grammar, and on a slow device it would lose its colours.
 */
const limits = { tokenizeMaxLineLength: 2000, tokenizeTimeLimit: 0 };

const theme = createCssVariablesTheme({ name: 'css', variablePrefix: '', fontStyle: false });

let highlighter: Promise<HighlighterCore> | null = null;
const open = () => {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    // Regular expressions of the browser: WebAssembly would need a wider content security policy.
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return highlighter;
};

/** `var(token-string)` names a kind; the theme's plain colour is none. */
const kindOf = (color: string | undefined): string | null => /token-([\w-]+)/.exec(color ?? '')?.[1] ?? null;

/** The tokens of code, newlines included: joined they are the code. Null when its language is not known. */
export async function highlight(code: string, language: string): Promise<Token[] | null> {
  const grammar = grammarFor(language);
  if (!grammar) return null;
  const shiki = await open();
  if (!shiki.getLoadedLanguages().includes(grammar.name))
    await shiki.loadLanguage((await grammar.load()).default);
  const lines = shiki.codeToTokensBase(code, { lang: grammar.name, theme: 'css', ...limits });
  const tokens: Token[] = [];
  const add = (text: string, kind: string | null) => {
    const last = tokens.at(-1);
    if (last && last.kind === kind) last.text += text;
    else tokens.push({ text, kind });
  };
  lines.forEach((line, index) => {
    if (index > 0) add('\n', null);
    for (const { content, color } of line) add(content, kindOf(color));
  });
  return tokens;
}
