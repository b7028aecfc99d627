import 'katex/dist/katex.min.css';
import './formula.css';
import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';

/** A formula, drawn by KaTeX into its element: that way it sets styles as the content security policy allows. */
export function Formula({ text, display }: { text: string; display: boolean }) {
  const ref = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!ref.current) return;
    katex.render(text, ref.current, {
      displayMode: display,
      // What is not understood is shown as it was written.
      throwOnError: false,
      strict: false,
      trust: false,
      maxSize: 40,
      maxExpand: 500,
    });
  }, [text, display]);
  return <span ref={ref} className="formula" data-display={display || undefined} />;
}
