import { Braces, FileText, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useConversationExport } from '../history/use-conversation-export.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { Menu } from '../shell/menu.tsx';
import { useNotify } from '../shell/notices.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useStore, useWorkspace } from '../shell/workspace-context.tsx';
import { undoFor } from './deletions.ts';
import type { Listed } from './listed.ts';
import { RenameDialog } from './rename-dialog.tsx';

/** One conversation in the list, with what can be done to it. */
export function ConversationItem({ item, current }: { item: Listed; current: boolean }) {
  const texts = useTexts();
  const { conversations: t, history } = texts;
  const [renaming, setRenaming] = useState(false);
  const title = item.title || t.untitled;
  const { api, sync, deletions, attention } = useWorkspace();
  const isNew = useStore(attention.unseen, (all) => all.has(item.id));
  const [, navigate] = useLocation();
  const attempt = useAttempt();
  const notify = useNotify();
  const exportAs = useConversationExport();

  const pin = () =>
    void attempt(async () =>
      sync.dispatch({ kind: 'event', event: await api.pinConversation(item.id, !item.pinned) }),
    );
  const remove = () => {
    deletions.add(item.id);
    if (current) navigate('/');
    notify('info', t.deleted(title), {
      label: t.undo,
      forMs: undoFor,
      run: () => {
        deletions.undo(item.id);
        if (current) navigate(`/c/${item.id}`);
      },
    });
  };
  return (
    <li className="conversation" data-current={current || undefined}>
      <Link
        href={`/c/${item.id}`}
        className="conversation-link"
        aria-current={current ? 'page' : undefined}
        title={title}
      >
        {isNew && <span className="conversation-new" role="img" aria-label={t.newAnswer} />}
        {title}
        {item.unsent && <span className="conversation-unsent">{t.unsent}</span>}
      </Link>
      {!item.unsent && (
        <Menu
          label={t.menu(title)}
          items={[
            {
              key: 'pin',
              label: item.pinned ? t.unpin : t.pin,
              icon: item.pinned ? PinOff : Pin,
              onSelect: pin,
            },
            { key: 'rename', label: t.rename, icon: Pencil, onSelect: () => setRenaming(true) },
            {
              key: 'md',
              label: history.asMarkdown,
              icon: FileText,
              onSelect: () => void exportAs(item.id, 'md'),
            },
            {
              key: 'json',
              label: history.asJson,
              icon: Braces,
              onSelect: () => void exportAs(item.id, 'json'),
            },
            {
              key: 'delete',
              label: t.delete,
              icon: Trash2,
              onSelect: remove,
              danger: true,
            },
          ]}
        />
      )}
      {renaming && <RenameDialog id={item.id} title={item.title} onClose={() => setRenaming(false)} />}
    </li>
  );
}
