import { useTexts } from '../i18n/preferences.tsx';
import { Appearance } from './appearance.tsx';
import { IdleForm } from './idle-form.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { useSavedSettings } from './use-saved-settings.ts';

/** How the app looks on this device, and when the agent goes to sleep. */
export function GeneralSection() {
  const { settings: t } = useTexts();
  const saving = useSavedSettings();
  return (
    <>
      <Appearance />
      <hr className="settings-divider" />
      <h3 className="settings-group">{t.agent}</h3>
      {saving.saved === 'failed' && <SettingsUnread onRead={saving.read} />}
      {saving.saved && saving.saved !== 'failed' && <IdleForm {...saving} settings={saving.saved.settings} />}
    </>
  );
}
