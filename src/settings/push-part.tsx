import './push-part.css';
import { useCallback, useEffect, useId, useState } from 'react';
import type { DeviceView, PushView } from '../../amplify/core/push/push-view.ts';
import { formatMoment } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { notificationTexts } from '../notify/notification-texts.ts';
import { beginPush, canPush, endPush, NoPushService, readPushed } from '../notify/push.ts';
import { faultLine } from '../shell/fault-line.ts';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { SettingsUnread } from './settings-unread.tsx';

/** Whether this browser is told of answers while the app is closed, and which others are. */
export function PushPart() {
  const { t: texts, language } = usePreferences();
  const t = notificationTexts[language].push;
  const { api, local } = useWorkspace();
  const attempt = useAttempt();
  const id = useId();
  const [view, setView] = useState<PushView | 'failed' | null>(null);
  const [own, setOwn] = useState(() => readPushed(local)?.id ?? null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const read = useCallback(
    () => api.getPush().then(setView, () => setView((before) => before ?? 'failed')),
    [api],
  );
  useEffect(() => void read(), [read]);

  if (view === null) return null;
  if (view === 'failed') return <SettingsUnread onRead={read} />;
  const { publicKey, devices } = view;

  const change = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof NoPushService ? t.noService : faultLine(error, texts));
    }
    setOwn(readPushed(local)?.id ?? null);
    await read();
    setBusy(false);
  };
  // Removed from another device: this one is not pushed to any more, whatever it believes.
  const isPushed = own !== null && devices.some((device) => device.id === own);
  const remove = (device: DeviceView) =>
    device.id === own
      ? change(() => endPush(api, local))
      : attempt(() => api.removePushDevice(device.id)).then(read);

  return (
    <>
      <div className="field">
        <label className="field-label field-check">
          <input
            type="checkbox"
            checked={isPushed}
            disabled={isBusy || publicKey === null || !canPush()}
            aria-describedby={`${id}-hint`}
            onChange={(event) =>
              void change(() =>
                event.target.checked && publicKey !== null
                  ? beginPush(api, local, publicKey, language)
                  : endPush(api, local),
              )
            }
          />
          {t.closed}
        </label>
        <p className="field-hint" id={`${id}-hint`}>
          {publicKey === null ? t.notSetUp : canPush() ? t.hint : t.unsupported}
        </p>
        <p className="field-fault" role="alert">
          {problem}
        </p>
      </div>
      {devices.length > 0 && (
        <ul className="push-devices" aria-label={t.devices}>
          {devices.map((device) => (
            <li key={device.id} className="settings-row">
              <span>
                {device.name || t.unnamed}
                {device.id === own && <span className="field-hint"> · {t.thisOne}</span>}
                <br />
                <span className="field-hint">{t.since(formatMoment(language, device.savedAt))}</span>
              </span>
              <button
                type="button"
                className="button"
                data-size="small"
                aria-label={t.removeOf(device.name || t.unnamed)}
                onClick={() => void remove(device)}
              >
                {t.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
