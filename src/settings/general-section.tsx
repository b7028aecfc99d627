import { useTexts } from '../i18n/preferences.tsx';
import { AgentForm } from './agent-form.tsx';
import { Appearance } from './appearance.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { useSavedSettings } from './use-saved-settings.ts';

/** How the app looks on this device, and when the agent comes and leaves. */
export function GeneralSection() {
  const { settings: t } = useTexts();
  const saving = useSavedSettings();
  return (
    <>
      <Appearance />
      <hr className="settings-divider" />
      <h3 className="settings-group">{t.agent}</h3>
      {saving.saved === 'failed' && <SettingsUnread onRead={saving.read} />}
      {saving.saved && saving.saved !== 'failed' && <AgentForm {...saving} {...saving.saved} />}
    </>
  );
}
