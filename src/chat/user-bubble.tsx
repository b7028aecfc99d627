import './user-bubble.css';
import { CalendarClock, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { type Message, webChannel } from '../../amplify/core/message.ts';
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
  /** What sent it, where no person did. */
  schedule?: Message['schedule'];
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
  schedule,
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
          {schedule && <Scheduled dueAt={schedule.dueAt} at={at} />}
          {channel !== webChannel && <span>{t.chat.from(t.channels[channel] ?? channel)}</span>}
          <time dateTime={at} title={formatMoment(language, at)}>
            {formatTime(language, at)}
          </time>
        </div>
      )}
    </div>
  );
}

/** Sent so much later than it was due, a message says for when it was, milliseconds. */
const lateMs = 5 * 60_000;

/** That a schedule sent it, and leads there. */
function Scheduled({ dueAt, at }: { dueAt: string; at: string }) {
  const { language, t } = usePreferences();
  const moment = formatMoment(language, dueAt);
  const isLate = Date.parse(at) - Date.parse(dueAt) > lateMs;
  return (
    <Link href="/schedules" className="bubble-schedule" title={t.chat.scheduledFor(moment)}>
      <CalendarClock size={13} aria-hidden="true" />
      {isLate ? t.chat.scheduledFor(moment) : t.chat.scheduled}
    </Link>
  );
}
