import { type FormEvent, useId, useState } from 'react';
import { maxTitleLength } from '../../amplify/core/conversation.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

export function RenameDialog({ id, title, onClose }: { id: string; title: string; onClose(): void }) {
  const { app, conversations: t } = useTexts();
  const { api, sync } = useWorkspace();
  const attempt = useAttempt();
  const [name, setName] = useState(title);
  const field = useId();

  const save = (event: FormEvent) => {
    event.preventDefault();
    const next = name.trim();
    onClose();
    if (next === '' || next === title) return;
    void attempt(async () => sync.dispatch({ kind: 'event', event: await api.renameConversation(id, next) }));
  };

  return (
    <Dialog title={t.renameTitle} onClose={onClose}>
      <form className="form" onSubmit={save}>
        <label className="field" htmlFor={field}>
          <span className="field-label">{t.name}</span>
          <input
            id={field}
            value={name}
            maxLength={maxTitleLength}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {app.cancel}
          </button>
          <button type="submit" className="button" data-kind="primary">
            {t.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
