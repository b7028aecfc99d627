import './files-page.css';
import { FolderOpen, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Attachment } from '../../amplify/core/attachment.ts';
import type { FileEntry } from '../../amplify/core/file-entry.ts';
import { AttachedFiles } from '../attachments/attached-files.tsx';
import { formatMoment } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useNotify } from '../shell/notices.tsx';
import { Page } from '../shell/page.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useFileEntries } from './use-file-entries.ts';

/** What was uploaded and what the agent made: newest first, by the message that it belongs to. */
export function FilesPage() {
  const { t } = usePreferences();
  const { entries, nextToken, state, readOn, erase } = useFileEntries();
  const shown = entries.filter(
    (entry) => present(entry.attachments).length + present(entry.files).length > 0,
  );
  return (
    <Page title={t.pages.files} wide>
      {shown.length === 0 && state === 'read' && nextToken === null && (
        <div className="page-empty">
          <FolderOpen size={28} aria-hidden="true" />
          <p>{t.files.none}</p>
        </div>
      )}
      <ul className="files">
        {shown.map((entry) => (
          <li key={`${entry.conversationId} ${entry.messageId}`}>
            <Entry entry={entry} onErase={(file) => erase(entry, file)} />
          </li>
        ))}
      </ul>
      {state === 'reading' && (
        <p className="files-reading" role="status">
          {t.files.reading}
        </p>
      )}
      {state === 'failed' && (
        <div className="page-empty" role="alert">
          <p>{t.files.unread}</p>
          <button type="button" className="button" data-size="small" onClick={readOn}>
            {t.chat.again}
          </button>
        </div>
      )}
      {state === 'read' && nextToken !== null && (
        <button type="button" className="button" onClick={readOn}>
          {t.files.more}
        </button>
      )}
    </Page>
  );
}

const present = (files: readonly Attachment[]) =>
  files.filter(({ deletedAt, missed }) => !deletedAt && !missed);

interface EntryProps {
  entry: FileEntry;
  onErase(file: Attachment): Promise<void>;
}

/** The files of one message and its answer. */
function Entry({ entry, onErase }: EntryProps) {
  const { language, t } = usePreferences();
  const { conversationId, messageId, title, at, attachments, files } = entry;
  const groups = [
    { name: t.files.sent, list: present(attachments) },
    { name: t.files.made, list: present(files) },
  ].filter(({ list }) => list.length > 0);
  return (
    <article className="files-entry">
      <header className="files-head">
        <h2>
          <Link href={`/c/${conversationId}`}>{title || t.conversations.untitled}</Link>
        </h2>
        <time dateTime={at}>{formatMoment(language, at)}</time>
      </header>
      {groups.map(({ name, list }) => (
        <section key={name}>
          <h3>{name}</h3>
          {list.map((file) => (
            <div key={file.id} className="files-file">
              <AttachedFiles conversationId={conversationId} messageId={messageId} files={[file]} />
              <EraseButton name={file.name} onErase={() => onErase(file)} />
            </div>
          ))}
        </section>
      ))}
    </article>
  );
}

/** Deletes at the second press: what is deleted does not come back. */
function EraseButton({ name, onErase }: { name: string; onErase(): Promise<void> }) {
  const { t } = usePreferences();
  const attempt = useAttempt();
  const notify = useNotify();
  const [asks, setAsks] = useState(false);
  if (!asks) {
    return (
      <button
        type="button"
        className="icon-button"
        aria-label={t.files.erase(name)}
        title={t.files.erase(name)}
        onClick={() => setAsks(true)}
      >
        <Trash2 size={16} aria-hidden="true" />
      </button>
    );
  }
  const erase = async () => {
    if (await attempt(onErase)) notify('info', t.files.erased(name));
    else setAsks(false);
  };
  return (
    <button
      type="button"
      className="button"
      data-kind="danger"
      data-size="small"
      // The button that was pressed is gone: the focus goes on to this one.
      ref={(button) => button?.focus()}
      onBlur={() => setAsks(false)}
      onClick={() => void erase()}
    >
      {t.files.reallyErase}
    </button>
  );
}
