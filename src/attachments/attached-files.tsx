import './attachments.css';
import { Download, Eye, FileText } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Attachment, isPicture } from '../../amplify/core/attachment.ts';
import { formatSize } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import type { Texts } from '../i18n/texts.ts';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { isTextFile } from './text-file.ts';

const TextPreview = lazy(() => import('./text-preview.tsx').then((m) => ({ default: m.TextPreview })));

interface AttachedFilesProps {
  conversationId: string;
  messageId: string;
  files: readonly Attachment[];
}

/** The files of a message or of its answer: pictures to be seen, everything to be fetched. */
export function AttachedFiles({ conversationId, messageId, files }: AttachedFilesProps) {
  const { t } = usePreferences();
  if (files.length === 0) return null;
  return (
    <ul className="attached" aria-label={t.files.attached}>
      {files.map((file) => (
        <li key={file.id}>
          <AttachedFile conversationId={conversationId} messageId={messageId} file={file} />
        </li>
      ))}
    </ul>
  );
}

/** The files of a message that is not sent yet. */
export function WaitingFiles({ files }: { files: readonly Attachment[] }) {
  const { language, t } = usePreferences();
  if (files.length === 0) return null;
  return (
    <ul className="attached" aria-label={t.files.attached}>
      {files.map((file) => (
        <li key={file.id}>
          <NamedFile file={file} note={formatSize(language, file.size)} />
        </li>
      ))}
    </ul>
  );
}

/** Why a file can't be fetched; null for one that can. */
function missingText({ missed, deletedAt, arriving }: Attachment, { files }: Texts): string | null {
  if (missed) return files.missed[missed];
  if (deletedAt) return files.deleted;
  return arriving ? files.arriving : null;
}

/** A file that can't be fetched. */
function NamedFile({ file, note }: { file: Attachment; note: string }) {
  return (
    <span className="attached-file">
      <FileText size={18} aria-hidden="true" />
      <span className="upload-text">
        <span className="upload-name">{file.name}</span>
        <span className="upload-size">{note}</span>
      </span>
    </span>
  );
}

interface AttachedFileProps {
  conversationId: string;
  messageId: string;
  file: Attachment;
}

function AttachedFile({ conversationId, messageId, file }: AttachedFileProps) {
  const { language, t } = usePreferences();
  const { api } = useWorkspace();
  const attempt = useAttempt();
  const [address, setAddress] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const missing = missingText(file, t);
  const isShown = isPicture(file.type) && missing === null;

  // Pictures come as bytes of this page's own: the content security policy lets no other address be shown.
  useEffect(() => {
    if (!isShown) return;
    let made: string | null = null;
    let wanted = true;
    const read = async () => {
      const { url, headers } = await api.downloadFile(conversationId, messageId, file.id);
      const response = await fetch(url, { headers });
      if (!response.ok) return;
      const blob = await response.blob();
      if (!wanted) return;
      made = URL.createObjectURL(new Blob([blob], { type: file.type }));
      setAddress(made);
    };
    // Without its picture it still has its name, and can be fetched.
    read().catch(() => {});
    return () => {
      wanted = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [api, conversationId, messageId, file.id, file.type, isShown]);

  const fetchFile = () =>
    void attempt(async () => {
      const { url } = await api.downloadFile(conversationId, messageId, file.id);
      const link = document.createElement('a');
      link.href = url;
      link.download = file.name;
      link.rel = 'noopener noreferrer';
      link.click();
    });

  if (missing !== null) return <NamedFile file={file} note={missing} />;
  const isText = isTextFile(file);
  return (
    <>
      <button
        type="button"
        className="attached-file"
        onClick={isText ? () => setOpen(true) : fetchFile}
        title={isText ? t.files.open(file.name) : t.files.download(file.name)}
      >
        {address ? <img src={address} alt={file.name} /> : <FileText size={18} aria-hidden="true" />}
        <span className="upload-text">
          <span className="upload-name">{file.name}</span>
          <span className="upload-size">{formatSize(language, file.size)}</span>
        </span>
        {isText ? <Eye size={16} aria-hidden="true" /> : <Download size={16} aria-hidden="true" />}
      </button>
      {isOpen && (
        <Suspense>
          <TextPreview
            {...{ conversationId, messageId, file }}
            onDownload={fetchFile}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
