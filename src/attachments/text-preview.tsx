import './text-preview.css';
import { Download } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { Attachment } from '../../amplify/core/attachment.ts';
import { CodeBlock } from '../chat/code-block.tsx';
import { formatSize } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { readText, type ShownText, shownBytes } from './read-text.ts';
import { languageOfFile } from './text-file.ts';

interface TextPreviewProps {
  conversationId: string;
  messageId: string;
  file: Attachment;
  onDownload(): void;
  onClose(): void;
}

/** A file of text, shown as the text that it is: whatever stands in it, nothing of it is run or drawn. */
export function TextPreview({ conversationId, messageId, file, onDownload, onClose }: TextPreviewProps) {
  const { language: spoken, t: texts } = usePreferences();
  const t = texts.files;
  const { api } = useWorkspace();
  const [shown, setShown] = useState<ShownText | 'reading' | 'failed' | 'no-text'>('reading');

  const read = useCallback(
    async (signal?: AbortSignal) => {
      setShown('reading');
      try {
        const { url, headers } = await api.downloadFile(conversationId, messageId, file.id);
        const text = await readText(await fetch(url, { headers, ...(signal && { signal }) }));
        if (!signal?.aborted) setShown(text ?? 'no-text');
      } catch {
        if (!signal?.aborted) setShown('failed');
      }
    },
    [api, conversationId, messageId, file.id],
  );
  useEffect(() => {
    const control = new AbortController();
    void read(control.signal);
    return () => control.abort();
  }, [read]);

  const language = languageOfFile(file.name);
  return (
    <Dialog title={file.name} onClose={onClose} wide>
      {shown === 'reading' && <p role="status">{t.opening}</p>}
      {shown === 'failed' && (
        <p role="alert">
          {t.unreadFile}{' '}
          <button type="button" className="button" data-size="small" onClick={() => void read()}>
            {texts.chat.again}
          </button>
        </p>
      )}
      {shown === 'no-text' && <p role="status">{t.noText}</p>}
      {typeof shown === 'object' && (
        <div className="preview" data-prose={language === null || undefined}>
          <CodeBlock text={shown.text} language={language} label={formatSize(spoken, file.size)} />
          {shown.isCut && <p className="field-hint">{t.cut(formatSize(spoken, shownBytes))}</p>}
        </div>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDownload}>
          <Download size={16} aria-hidden="true" />
          {t.downloadThis}
        </button>
      </div>
    </Dialog>
  );
}
