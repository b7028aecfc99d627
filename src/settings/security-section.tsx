import { type FormEvent, use, useCallback, useEffect, useId, useState } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { appAddress, type SecondFactor } from '../session/second-factor.ts';
import { SecondFactorContext } from '../session/second-factor-context.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { useNotify } from '../shell/notices.tsx';
import { QrCode } from './qr-code.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import './link-code.css';

type State = { at: 'reading' | 'unread' | 'off' | 'on' } | { at: 'setting-up'; secret: string };

/** Sets up an authenticator app for signing in, and ends that. */
export function SecuritySection() {
  const { t: texts } = usePreferences();
  const t = texts.settings.security;
  const { factor, email = null } = use(SecondFactorContext) ?? {};
  const notify = useNotify();
  const [state, setState] = useState<State>({ at: 'reading' });
  const read = useCallback(async () => {
    setState({ at: 'reading' });
    const isOn = await factor?.isOn().catch(() => undefined);
    setState({ at: isOn === undefined ? 'unread' : isOn ? 'on' : 'off' });
  }, [factor]);
  useEffect(() => void read(), [read]);
  const attempt = async (work: () => Promise<State>) => {
    try {
      setState(await work());
    } catch {
      notify('error', t.failed);
    }
  };
  if (!factor) return <p className="channel-word">{t.off}</p>;
  switch (state.at) {
    case 'reading':
      return null;
    case 'unread':
      return <SettingsUnread onRead={read} />;
    case 'off':
      return (
        <>
          <p className="channel-word">
            {t.off} {t.about}
          </p>
          <div>
            <button
              type="button"
              className="button"
              data-kind="primary"
              onClick={() => void attempt(async () => ({ at: 'setting-up', secret: await factor.begin() }))}
            >
              {t.begin}
            </button>
          </div>
        </>
      );
    case 'on':
      return (
        <>
          <p className="channel-word" role="status">
            {t.on}
          </p>
          <div className="settings-row">
            <span className="field-hint">{t.keep}</span>
            <button
              type="button"
              className="button"
              onClick={() => void attempt(() => factor.end().then(() => ({ at: 'off' })))}
            >
              {t.end}
            </button>
          </div>
        </>
      );
    case 'setting-up':
      return (
        <Setup secret={state.secret} email={email} factor={factor} onDone={() => setState({ at: 'on' })} />
      );
  }
}

interface SetupProps {
  secret: string;
  email: string | null;
  factor: SecondFactor;
  onDone(): void;
}

function Setup({ secret, email, factor, onDone }: SetupProps) {
  const { t: texts } = usePreferences();
  const t = texts.settings.security;
  const id = useId();
  const notify = useNotify();
  const [code, setCode] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [isWrong, setWrong] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      if (await factor.confirm(code)) return onDone();
      setWrong(true);
    } catch {
      notify('error', t.failed);
    }
    setBusy(false);
  };
  return (
    <div className="link-code">
      <QrCode text={appAddress(secret, email)} label={t.qr} />
      <form className="link-code-ways" onSubmit={(event) => void submit(event)}>
        <p>{t.scan}</p>
        <p className="field-hint">
          <code className="link-code-command">{secret}</code> <CopyButton text={secret} label={t.copy} />
        </p>
        <div className="field">
          <label className="field-label" htmlFor={id}>
            {t.code}
          </label>
          <input
            id={id}
            value={code}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            aria-invalid={isWrong}
            aria-describedby={`${id}-fault`}
            onChange={(event) => {
              setCode(event.target.value.replace(/\D/g, ''));
              setWrong(false);
            }}
          />
          <p className="field-fault" id={`${id}-fault`} role="alert">
            {isWrong && t.mismatch}
          </p>
        </div>
        <button type="submit" className="button" data-kind="primary" disabled={isBusy || code.length !== 6}>
          {t.confirm}
        </button>
      </form>
    </div>
  );
}
