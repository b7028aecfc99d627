import './code-block.css';
import { useEffect, useState } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { CopyButton } from '../shell/copy-button.tsx';
import type { Token } from './highlight.ts';

/** Longer code stays plain: colouring it would hold up the page. */
const longest = 40_000;
/** Code that still grows is coloured when it pauses this long. */
const pause = 150;

/** Colours for the code as far as they are known; what came since is plain. */
function useTokens(text: string, language: string | null): readonly Token[] {
  const [known, setKnown] = useState<{ text: string; tokens: readonly Token[] }>({ text: '', tokens: [] });
  useEffect(() => {
    if (language === null || text.length > longest) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const found = await import('./highlight.ts')
        .then(({ highlight }) => highlight(text, language))
        // Without colours it is still the code.
        .catch(() => null);
      if (wanted && found) setKnown({ text, tokens: found });
    }, pause);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text, language]);
  if (!text.startsWith(known.text)) return [{ text, kind: null }];
  return [...known.tokens, { text: text.slice(known.text.length), kind: null }];
}

/** A block of code with its language and a button that copies it. */
export function CodeBlock({
  text,
  language,
  label,
}: {
  text: string;
  language: string | null;
  /** What it is called where it is no code. */
  label?: string;
}) {
  const { chat: t } = useTexts();
  const tokens = useTokens(text, language);
  return (
    <figure className="code">
      <figcaption className="code-head">
        <span>{label ?? language ?? t.code}</span>
        <CopyButton text={text} label={t.copyCode} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <pre tabIndex={0}>
        <code>
          {/* A token's place is its name. */}
          {tokens.map(({ text: part, kind }, index) =>
            kind === null ? (
              part
            ) : (
              <span key={index} className={`code-${kind}`}>
                {part}
              </span>
            ),
          )}
        </code>
      </pre>
    </figure>
  );
}
