import { useCallback } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from './fault-line.ts';
import { useNotify } from './notices.tsx';

/** Runs a call to the backend; a failure is told at the page's edge. Gives whether it succeeded. */
export function useAttempt(): (call: () => Promise<unknown>) => Promise<boolean> {
  const { t } = usePreferences();
  const notify = useNotify();
  return useCallback(
    async (call) => {
      try {
        await call();
        return true;
      } catch (error) {
        notify('error', faultLine(error, t));
        return false;
      }
    },
    [t, notify],
  );
}
