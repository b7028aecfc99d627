import './link-code.css';
import { useState } from 'react';
import type { ChannelCode, ChannelView } from '../../amplify/core/channel/channel-view.ts';
import { formatMoment } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { CopyButton } from '../shell/copy-button.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useNow } from '../shell/use-now.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { QrCode } from './qr-code.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { useChannel } from './use-channel.ts';

/** Links the account with a person on Telegram, and ends that. */
export function TelegramSection() {
  const { t } = usePreferences();
  const { channel, read } = useChannel('telegram');
  if (channel === null) return null;
  if (channel === 'failed') return <SettingsUnread onRead={read} />;
  if (channel.address === null) return <p className="channel-word">{t.settings.telegram.off}</p>;
  return channel.link ? (
    <Linked {...channel} link={channel.link} onChanged={read} />
  ) : (
    <Unlinked address={channel.address} />
  );
}

function Linked({
  address,
  link,
  onChanged,
}: ChannelView & { link: NonNullable<ChannelView['link']>; onChanged(): Promise<void> }) {
  const { t: texts, language } = usePreferences();
  const t = texts.settings.telegram;
  const { api } = useWorkspace();
  const attempt = useAttempt();
  const [isBusy, setBusy] = useState(false);
  const unlink = async () => {
    setBusy(true);
    await attempt(() => api.unlinkChannel('telegram'));
    await onChanged();
    setBusy(false);
  };
  return (
    <>
      <p className="channel-word" role="status">
        {t.linked(link.name, address ?? '')}
      </p>
      {!link.isActive && <p className="channel-warning">{t.blocked}</p>}
      <div className="settings-row">
        <span className="field-hint">{t.since(formatMoment(language, link.linkedAt))}</span>
        <button type="button" className="button" disabled={isBusy} onClick={() => void unlink()}>
          {t.unlink}
        </button>
      </div>
    </>
  );
}

function Unlinked({ address }: { address: string }) {
  const { t: texts } = usePreferences();
  const t = texts.settings.telegram;
  const { api } = useWorkspace();
  const attempt = useAttempt();
  const now = useNow(1000);
  const [code, setCode] = useState<ChannelCode | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isGood = code !== null && Date.parse(code.expiresAt) > now;
  const make = async () => {
    setBusy(true);
    await attempt(async () => setCode(await api.makeChannelCode('telegram')));
    setBusy(false);
  };
  return (
    <>
      <p className="channel-word">{t.about(address)}</p>
      {isGood ? (
        <LinkCode code={code} />
      ) : (
        <div>
          {code && <p className="channel-warning">{t.expired}</p>}
          <button
            type="button"
            className="button"
            data-kind="primary"
            disabled={isBusy}
            onClick={() => void make()}
          >
            {t.connect}
          </button>
        </div>
      )}
    </>
  );
}

/** The code, for this device and for another one. It is good for one person and ten minutes. */
function LinkCode({ code }: { code: ChannelCode }) {
  const { t: texts } = usePreferences();
  const t = texts.settings.telegram;
  return (
    <div className="link-code">
      <QrCode text={code.url} label={t.qr} />
      <div className="link-code-ways">
        <p>{t.scan}</p>
        <a className="button" data-kind="primary" href={code.url} target="_blank" rel="noopener noreferrer">
          {t.open}
        </a>
        <p className="field-hint">
          {t.orType}
          <span className="link-code-command">
            <code>/start {code.code}</code>
            <CopyButton text={`/start ${code.code}`} label={t.copy} />
          </span>
        </p>
        <p className="field-hint">{t.tenMinutes}</p>
      </div>
    </div>
  );
}
