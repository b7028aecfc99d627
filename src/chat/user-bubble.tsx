import './user-bubble.css';
import { Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { webChannel } from '../../amplify/core/message.ts';
import { formatMoment, formatTime } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { CopyButton } from '../shell/copy-button.tsx';

interface UserBubbleProps {
  text: string;
  /** When it was written, ISO 8601. */
  at: string;
  unsent?: boolean;
  /** By which it came. */
  channel?: string;
  /** What was sent with it. */
  files?: ReactNode;
  /** Puts the text into the composer, to be changed and sent again. */
  onEdit?: (text: string) => void;
  /** What became of it, below. */
  children?: ReactNode;
}

/** What the user wrote, as it was written. */
export function UserBubble({
  text,
  at,
  unsent,
  channel = webChannel,
  files,
  onEdit,
  children,
}: UserBubbleProps) {
  const { language, t } = usePreferences();
  return (
    <div className="user">
      <h2 className="visually-hidden">{t.chat.wrote}</h2>
      {files}
      {text !== '' && (
        <p className="bubble" data-unsent={unsent || undefined}>
          {text}
        </p>
      )}
      {children ?? (
        <div className="bubble-meta">
          {onEdit && text !== '' && (
            <span className="turn-actions">
              <CopyButton text={text} label={t.chat.copyMessage} />
              <button
                type="button"
                className="icon-button"
                onClick={() => onEdit(text)}
                aria-label={t.chat.editAgain}
                title={t.chat.editAgain}
              >
                <Pencil size={14} aria-hidden="true" />
              </button>
            </span>
          )}
          {channel !== webChannel && <span>{t.chat.from(t.channels[channel] ?? channel)}</span>}
          <time dateTime={at} title={formatMoment(language, at)}>
            {formatTime(language, at)}
          </time>
        </div>
      )}
    </div>
  );
}
