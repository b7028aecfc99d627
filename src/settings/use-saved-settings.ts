import { useCallback, useEffect, useState } from 'react';
import type { Settings } from '../../amplify/core/settings.ts';
import type { SettingsView } from '../../amplify/core/settings-view.ts';
import { codeOf } from '../api/api-error.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';

interface Saving {
  /** Null while they are read for the first time; `failed` when that did not succeed. */
  saved: SettingsView | 'failed' | null;
  read(): Promise<void>;
  /** Saves the whole with the revision that was seen. Gives whether it was saved. */
  save(next: Settings): Promise<boolean>;
  isSaving: boolean;
  /** Why the last save failed, for people. */
  problem: string | null;
}

/** The stored settings, read again whenever another page saved them, and a way to save them that two tabs can't break. */
export function useSavedSettings(): Saving {
  const { t } = usePreferences();
  const { api } = useWorkspace();
  const notify = useNotify();
  const changes = useChat((state) => state.settingsTick);
  const [saved, setSaved] = useState<SettingsView | 'failed' | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const read = useCallback(
    () => api.getSettings().then(setSaved, () => setSaved((before) => before ?? 'failed')),
    [api],
  );
  useEffect(() => void read(), [read, changes]);

  const save = async (next: Settings): Promise<boolean> => {
    if (isSaving || !saved || saved === 'failed') return false;
    setSaving(true);
    setProblem(null);
    try {
      await api.saveSettings(next, saved.revision);
      notify('info', t.settings.saved);
      await read();
      return true;
    } catch (error) {
      if (codeOf(error) === 'settings.changed') await read();
      setProblem(faultLine(error, t));
      return false;
    } finally {
      setSaving(false);
    }
  };
  return { saved, read, save, isSaving, problem };
}
