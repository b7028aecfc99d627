import { useTexts } from '../i18n/preferences.tsx';

/** The settings could not be read: says so and offers to try again. */
export function SettingsUnread({ onRead }: { onRead(): Promise<void> }) {
  const { settings, chat } = useTexts();
  return (
    <div className="settings-failed" role="alert">
      <p>{settings.failed}</p>
      <button type="button" className="button" data-size="small" onClick={() => void onRead()}>
        {chat.again}
      </button>
    </div>
  );
}
