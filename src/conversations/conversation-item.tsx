import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import { Menu } from '../shell/menu.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import type { Listed } from './listed.ts';
import { RenameDialog } from './rename-dialog.tsx';

/** One conversation in the list, with what can be done to it. */
export function ConversationItem({ item, current }: { item: Listed; current: boolean }) {
  const { conversations: t } = useTexts();
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const title = item.title || t.untitled;
  const close = () => setDialog(null);
  return (
    <li className="conversation" data-current={current || undefined}>
      <Link
        href={`/c/${item.id}`}
        className="conversation-link"
        aria-current={current ? 'page' : undefined}
        title={title}
      >
        {title}
        {item.unsent && <span className="conversation-unsent">{t.unsent}</span>}
      </Link>
      {!item.unsent && (
        <Menu
          label={t.menu(title)}
          items={[
            { key: 'rename', label: t.rename, icon: Pencil, onSelect: () => setDialog('rename') },
            {
              key: 'delete',
              label: t.delete,
              icon: Trash2,
              onSelect: () => setDialog('delete'),
              danger: true,
            },
          ]}
        />
      )}
      {dialog === 'rename' && <RenameDialog id={item.id} title={item.title} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog id={item.id} title={title} current={current} onClose={close} />}
    </li>
  );
}
