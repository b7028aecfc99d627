import { CircleAlert, CircleStop, Play, RotateCw } from 'lucide-react';
import { retryTimeOf } from '../../amplify/core/error.ts';
import { isRetryable, type Message } from '../../amplify/core/message.ts';
import { formatMoment } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

/** How a message ended that was not simply answered, and the ways on: to go on from there, or to try it again. */
export function Outcome({ row, empty }: { row: Message; empty: boolean }) {
  const { language, t } = usePreferences();
  const { api, sync, outbox } = useWorkspace();
  const attempt = useAttempt();
  if (row.status === 'answered') return empty ? <p className="answer-none">{t.chat.noAnswer}</p> : null;

  const fault = row.error ? t.faults[row.error.code] : null;
  const retryAt = row.error && retryTimeOf(row.error);
  const retryFrom = retryAt && t.chat.retryFrom(formatMoment(language, retryAt));
  const failed = row.status === 'failed';
  const text = failed
    ? [fault?.happened ?? t.faults.internal.happened, fault?.next, retryFrom].filter(Boolean).join(' ')
    : row.status === 'interrupted'
      ? t.chat.interrupted
      : t.chat.stopped;

  const retry = () =>
    attempt(async () => {
      const message = await api.retryMessage(row.conversationId, row.id, row.attempt);
      const place = { conversationId: row.conversationId, messageId: row.id };
      sync.dispatch({ kind: 'event', event: { kind: 'message.accepted', ...place, message } });
    });

  return (
    <div className="outcome" data-kind={row.status}>
      {failed ? <CircleAlert size={17} aria-hidden="true" /> : <CircleStop size={17} aria-hidden="true" />}
      <p>{text}</p>
      {!failed && !empty && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => outbox.add(t.chat.continueText, row.conversationId)}
        >
          <Play size={14} aria-hidden="true" />
          {t.chat.continue}
        </button>
      )}
      {isRetryable(row.status) && (
        <button type="button" className="button" data-size="small" onClick={() => void retry()}>
          <RotateCw size={14} aria-hidden="true" />
          {t.chat.retry}
        </button>
      )}
    </div>
  );
}
