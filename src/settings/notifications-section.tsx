import { useId, useState } from 'react';
import { sampleNotification } from '../../amplify/core/notification.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import {
  type DeviceChoice,
  type Permission,
  readChoice,
  readPermission,
  showSample,
  writeChoice,
} from '../notify/device.ts';
import { notificationTexts } from '../notify/notification-texts.ts';
import { keepPush } from '../notify/push.ts';
import { useNotify } from '../shell/notices.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { PushPart } from './push-part.tsx';

/** Why this device can't show notifications now, by the name of its text. */
const hindrance = { denied: 'denied', unsupported: 'unsupported', 'to-install': 'toInstall' } as const;
const hindranceOf = (permission: Permission) =>
  permission === 'granted' || permission === 'default' ? null : hindrance[permission];

/** Whether this device tells of answers while the app is out of sight. The browser is asked only when somebody wants it. */
export function NotificationsSection() {
  const { language } = usePreferences();
  const t = notificationTexts[language];
  const { api, local } = useWorkspace();
  const notify = useNotify();
  const attempt = useAttempt();
  const id = useId();
  const [permission, setPermission] = useState(readPermission);
  const [choice, setChoice] = useState(() => readChoice(local));
  const hindered = hindranceOf(permission);
  const isOn = choice.isOn && permission === 'granted';

  const change = (next: DeviceChoice) => {
    if (!writeChoice(local, next)) return notify('error', t.notKept);
    setChoice(next);
    void attempt(() => keepPush(api, local, language));
  };
  const begin = async () => {
    const given = await Notification.requestPermission();
    setPermission(given);
    if (given === 'granted') change({ ...choice, isOn: true });
  };
  const sample = async () => {
    if (!(await showSample(sampleNotification(language)).catch(() => false))) notify('error', t.noSample);
  };

  return (
    <>
      <p className="settings-word">{t.about}</p>
      <hr className="settings-divider" />
      <h3 className="settings-group">{t.hidden}</h3>
      {hindered ? (
        <p className="settings-word">{t[hindered]}</p>
      ) : (
        <div className="settings-row">
          <span className="settings-word" role="status">
            {isOn ? t.on : t.off}
          </span>
          <button
            type="button"
            className="button"
            data-kind={isOn ? undefined : 'primary'}
            onClick={() => (isOn ? change({ ...choice, isOn: false }) : void begin())}
          >
            {isOn ? t.end : t.begin}
          </button>
        </div>
      )}
      {isOn && (
        <>
          <div className="field">
            <label className="field-label field-check">
              <input
                type="checkbox"
                checked={choice.showsText}
                aria-describedby={`${id}-hint`}
                onChange={(event) => change({ ...choice, showsText: event.target.checked })}
              />
              {t.showsText}
            </label>
            <p className="field-hint" id={`${id}-hint`}>
              {t.showsTextHint}
            </p>
          </div>
          <div>
            <button type="button" className="button" onClick={() => void sample()}>
              {t.sample}
            </button>
          </div>
          <PushPart />
        </>
      )}
    </>
  );
}
