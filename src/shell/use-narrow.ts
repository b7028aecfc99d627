import { useSyncExternalStore } from 'react';

/** Below this the sidebar is a drawer; layout.css has the same number. */
const query = '(max-width: 52rem)';

const subscribe = (listener: () => void) => {
  const media = window.matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
};

/** Whether there is no room for the sidebar beside the page. */
export const useNarrow = (): boolean =>
  useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
