import { useCallback, useEffect, useRef, useState } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import type { Progress } from './read-history.ts';

/** Exports all conversations; `progress` while it is under way. One at a time, and taken back when its place is left. */
export function useExport() {
  const { api } = useWorkspace();
  const { t, language } = usePreferences();
  const notify = useNotify();
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);

  const run = async (ending: 'json' | 'md') => {
    if (running.current) return;
    const control = new AbortController();
    running.current = control;
    setProgress({ conversations: 0, messages: 0 });
    try {
      // Fetched when it is asked for: few ever do.
      const { exportHistory, saveFile } = await import('./export-history.ts');
      const made = await exportHistory(api, {
        ...{ ending, spoken: { t, language }, signal: control.signal, tell: setProgress },
      });
      saveFile(made);
      notify('info', t.history.saved(made.name));
    } catch (error) {
      if (!control.signal.aborted) notify('error', faultLine(error, t));
    } finally {
      running.current = null;
      setProgress(null);
    }
  };
  return { progress, run, cancel };
}
