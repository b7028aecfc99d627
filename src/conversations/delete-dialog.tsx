import { useLocation } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

interface DeleteDialogProps {
  id: string;
  title: string;
  /** Whether it is the one that is open: the page then goes to a new one. */
  current: boolean;
  onClose(): void;
}

/** A deletion can't be taken back: it asks. */
export function DeleteDialog({ id, title, current, onClose }: DeleteDialogProps) {
  const { app, conversations: t } = useTexts();
  const { api, sync, drafts, outgoing } = useWorkspace();
  const [, navigate] = useLocation();
  const attempt = useAttempt();

  const remove = async () => {
    onClose();
    const done = await attempt(async () =>
      sync.dispatch({ kind: 'event', event: await api.deleteConversation(id) }),
    );
    if (!done) return;
    drafts.save(id, '');
    outgoing.change((entries) => entries.filter((entry) => entry.conversationId !== id));
    if (current) navigate('/');
  };

  return (
    <Dialog title={t.deleteTitle} onClose={onClose}>
      <p className="dialog-text">{t.deleteText(title)}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {app.cancel}
        </button>
        <button type="button" className="button" data-kind="danger" onClick={() => void remove()}>
          {t.delete}
        </button>
      </div>
    </Dialog>
  );
}
