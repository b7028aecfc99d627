import { useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

/** Reads older messages. `keepPlace`: what one looks at stays where it is when they come. */
export function Earlier({ id, keepPlace }: { id: string; keepPlace(): void }) {
  const { chat: t } = useTexts();
  const { sync } = useWorkspace();
  const attempt = useAttempt();
  const [reading, setReading] = useState(false);

  const read = async () => {
    setReading(true);
    keepPlace();
    await attempt(() => sync.readEarlier(id));
    setReading(false);
  };

  return (
    <button
      type="button"
      className="button transcript-earlier"
      data-kind="quiet"
      data-size="small"
      disabled={reading}
      onClick={() => void read()}
    >
      {t.earlier}
    </button>
  );
}

/** Holds the distance from the end while older messages come in at the top. */
export function useKeptPlace(
  scroller: { current: HTMLElement | null },
  first: string | undefined,
): () => void {
  const fromEnd = useRef<number | null>(null);
  // The first message is what changes when older ones have come.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (first === undefined || !element || fromEnd.current === null) return;
    element.scrollTop = element.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  }, [scroller, first]);
  return () => {
    const element = scroller.current;
    fromEnd.current = element ? element.scrollHeight - element.scrollTop : null;
  };
}
