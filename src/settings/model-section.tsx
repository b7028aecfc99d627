import { ModelForm } from './model-form.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { useSavedSettings } from './use-saved-settings.ts';

/** Which model the agent talks to, and with which key. */
export function ModelSection() {
  const saving = useSavedSettings();
  if (saving.saved === null) return null;
  if (saving.saved === 'failed') return <SettingsUnread onRead={saving.read} />;
  return <ModelForm {...saving} settings={saving.saved.settings} />;
}
