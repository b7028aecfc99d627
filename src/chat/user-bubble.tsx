import './user-bubble.css';
import type { ReactNode } from 'react';
import { formatMoment, formatTime } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';

interface UserBubbleProps {
  text: string;
  /** When it was written, ISO 8601. */
  at: string;
  unsent?: boolean;
  fromTelegram?: boolean;
  /** What became of it, below. */
  children?: ReactNode;
}

/** What the user wrote, as it was written. */
export function UserBubble({ text, at, unsent, fromTelegram, children }: UserBubbleProps) {
  const { language, t } = usePreferences();
  return (
    <div className="user">
      <h2 className="visually-hidden">{t.chat.wrote}</h2>
      <p className="bubble" data-unsent={unsent || undefined}>
        {text}
      </p>
      {children ?? (
        <p className="bubble-meta">
          {fromTelegram && <span>{t.chat.telegram}</span>}
          <time dateTime={at} title={formatMoment(language, at)}>
            {formatTime(language, at)}
          </time>
        </p>
      )}
    </div>
  );
}
