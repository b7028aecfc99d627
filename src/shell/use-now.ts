import { useEffect, useState } from 'react';

/** The present time (ms since 1970), drawn anew every `every` ms; null stands still. */
export function useNow(every: number | null, now: () => number = Date.now): number {
  const [value, setValue] = useState(now);
  useEffect(() => {
    setValue(now());
    if (every === null) return;
    const timer = setInterval(() => setValue(now()), every);
    return () => clearInterval(timer);
  }, [every, now]);
  return value;
}
