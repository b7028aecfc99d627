import { useEffect, useRef, useState } from 'react';

const frame = 45;
/** The share of what is still hidden that each frame shows: a batch of 300 ms is out before the next one comes. */
const share = 0.22;

const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The next length to show. Never ends between the halves of a surrogate pair. */
export function nextLength(text: string, shown: number): number {
  const next = Math.min(text.length, shown + Math.max(2, Math.ceil((text.length - shown) * share)));
  const last = text.charCodeAt(next - 1);
  return last >= 0xd800 && last <= 0xdbff ? Math.min(next + 1, text.length) : next;
}

/** Text that comes in batches, shown as it would be written. What is there at first, and all of a finished text, is shown at once. */
export function useSmoothText(text: string, streaming: boolean): string {
  const [shown, setShown] = useState(text.length);
  const before = useRef(text);
  const smooth = streaming && !reducedMotion();

  // A rewrite or another run: what was shown is no beginning of it any more.
  const isContinued = text.startsWith(before.current.slice(0, shown));
  useEffect(() => {
    before.current = text;
  }, [text]);

  useEffect(() => {
    if (!smooth || !isContinued) return setShown(text.length);
    const timer = setInterval(() => {
      setShown((length) => {
        if (length >= text.length) clearInterval(timer);
        return length >= text.length ? text.length : nextLength(text, length);
      });
    }, frame);
    return () => clearInterval(timer);
  }, [text, smooth, isContinued]);

  return smooth && isContinued ? text.slice(0, shown) : text;
}
