import './conversation-list.css';
import { useEffect } from 'react';
import { useRoute } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useNow } from '../shell/use-now.ts';
import { useChat, useOutgoing, useStore, useSyncState, useWorkspace } from '../shell/workspace-context.tsx';
import { ConversationItem } from './conversation-item.tsx';
import { listConversations } from './listed.ts';

const minute = 60_000;

/** All conversations of the user, last active first. */
export function ConversationList() {
  const { conversations: t, chat } = useTexts();
  const { sync, deletions } = useWorkspace();
  const hidden = useStore(deletions.hidden, (ids) => ids);
  const attempt = useAttempt();
  const known = useChat((state) => state.conversations);
  const failed = useSyncState((state) => state.listFailed);
  const outgoing = useOutgoing();
  useDeletionFaults();
  const now = useNow(minute);
  const [, params] = useRoute<{ id: string }>('/c/:id/:message?');
  const groups = listConversations(known, outgoing, new Date(now), hidden);

  return (
    <nav className="conversations" aria-label={t.title}>
      {groups.map(({ age, items }) => (
        <section key={age} aria-label={t[age]}>
          <h2 className="conversations-age">{t[age]}</h2>
          <ul className="conversations-list">
            {items.map((item) => (
              <ConversationItem key={item.id} item={item} current={item.id === params?.id} />
            ))}
          </ul>
        </section>
      ))}
      {known.more && (
        <button
          type="button"
          className="button conversations-more"
          data-kind="quiet"
          data-size="small"
          onClick={() => void attempt(sync.readMoreConversations)}
        >
          {t.more}
        </button>
      )}
      {!known.loaded && !failed && groups.length === 0 && <Placeholder />}
      {known.loaded && groups.length === 0 && <p className="conversations-note">{t.empty}</p>}
      {failed && !known.loaded && (
        <div className="conversations-note">
          <p>{t.failed}</p>
          <button type="button" className="button" data-size="small" onClick={sync.refresh}>
            {chat.again}
          </button>
        </div>
      )}
    </nav>
  );
}

/** Says why a conversation is listed again that was to be deleted. */
function useDeletionFaults(): void {
  const { deletions } = useWorkspace();
  const failed = useStore(deletions.failed, (error) => error);
  const attempt = useAttempt();
  useEffect(() => {
    if (failed) void attempt(() => Promise.reject(failed));
  }, [failed, attempt]);
}

function Placeholder() {
  return (
    <div className="conversations-placeholder" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  );
}
