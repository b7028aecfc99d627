import { CircleAlert, Clock, LoaderCircle } from 'lucide-react';
import { WaitingFiles } from '../attachments/attached-files.tsx';
import { formatTime } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import type { Outgoing } from '../outbox/outbox-store.ts';
import { useOnline } from '../shell/connection-banner.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { UserBubble } from './user-bubble.tsx';

/** A message that the backend has not acknowledged: on its way, waiting for the network, or refused. */
export function OutgoingView({ entry, onEdit }: { entry: Outgoing; onEdit(text: string): void }) {
  const { language, t } = usePreferences();
  const { outbox } = useWorkspace();
  const online = useOnline();
  const { id, text, attachments = [], refused, retryAt } = entry;
  const files = <WaitingFiles files={attachments} />;
  const waits = !online || outbox.isWaiting(entry.conversationId);

  if (!refused) {
    return (
      <article className="turn">
        <UserBubble text={text} at={entry.writtenAt} files={files} unsent>
          <p className="bubble-state" role="status">
            {waits ? (
              <Clock size={13} aria-hidden="true" />
            ) : (
              <LoaderCircle size={13} aria-hidden="true" className="turning" />
            )}
            {waits ? t.chat.waiting : t.chat.sending}
          </p>
        </UserBubble>
      </article>
    );
  }
  const { happened, next } = t.faults[refused];
  return (
    <article className="turn">
      <UserBubble text={text} at={entry.writtenAt} files={files} unsent>
        <div className="bubble-state" data-kind="bad" role="alert">
          <CircleAlert size={14} aria-hidden="true" />
          <span>
            <strong>{t.chat.refused}.</strong> {happened} {next}
            {retryAt && ` ${t.chat.retryFrom(formatTime(language, retryAt))}`}
          </span>
        </div>
        <div className="bubble-actions">
          <button type="button" className="button" data-size="small" onClick={() => outbox.retry(id)}>
            {t.chat.retry}
          </button>
          <button
            type="button"
            className="button"
            data-size="small"
            onClick={() => {
              outbox.discard(id);
              onEdit(entry.text);
            }}
          >
            {t.chat.edit}
          </button>
          <button
            type="button"
            className="button"
            data-kind="quiet"
            data-size="small"
            onClick={() => outbox.discard(id)}
          >
            {t.chat.discard}
          </button>
        </div>
      </UserBubble>
    </article>
  );
}
