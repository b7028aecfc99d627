import { useEffect, useState } from 'react';
import { monthOf } from '../../amplify/core/usage.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

/** Nothing that people wait for: read when the page has long been drawn, and again now and then; milliseconds. */
const firstAfter = 8_000;
const again = 10 * 60_000;

/** What this month has cost so far, micros; null while that is not known. A page that nobody looks at asks for nothing. */
export function useMonthCost(): number | null {
  const { api } = useWorkspace();
  const [micros, setMicros] = useState<number | null>(null);
  useEffect(() => {
    const read = () => {
      if (document.visibilityState !== 'visible') return;
      api.getUsage(monthOf(Date.now())).then(
        ({ usage }) => setMicros(usage.model + usage.aws),
        // The page of the cost says so, if anybody asks.
        () => {},
      );
    };
    const first = setTimeout(read, firstAfter);
    const timer = setInterval(read, again);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [api]);
  return micros;
}
