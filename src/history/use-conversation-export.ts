import { formatNumber } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';

/**
 * Exports one conversation. How far it is stands at the page's edge, with a way to take it back; it goes on wherever one
 * goes meanwhile.
 */
export function useConversationExport(): (id: string, ending: 'json' | 'md') => Promise<void> {
  const { api, sync } = useWorkspace();
  const { t, language } = usePreferences();
  const notify = useNotify();
  return async (id, ending) => {
    const only = sync.chat.get().conversations.byId.get(id)?.value;
    if (!only) return;
    const control = new AbortController();
    const shown = notify('info', t.history.exporting(only.title || t.conversations.untitled), {
      label: t.app.cancel,
      forMs: null,
      run: () => control.abort(),
    });
    try {
      // Fetched when it is asked for: few ever do.
      const { exportHistory, saveFile } = await import('./export-history.ts');
      const made = await exportHistory(api, {
        ...{ ending, spoken: { t, language }, signal: control.signal, only },
        tell: ({ messages }) => shown.progress(t.history.messages(formatNumber(language, messages))),
      });
      saveFile(made);
      shown.remove();
      notify('info', t.history.saved(made.name));
    } catch (error) {
      shown.remove();
      if (!control.signal.aborted) notify('error', faultLine(error, t));
    }
  };
}
