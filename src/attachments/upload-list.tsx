import './attachments.css';
import { FileText, RotateCw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { isPicture } from '../../amplify/core/attachment.ts';
import { formatSize } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import type { Upload } from './use-uploads.ts';

interface UploadListProps {
  uploads: readonly Upload[];
  onRemove(key: number): void;
  onRetry(upload: Upload): void;
}

/** The files that will go with the message, each with how far it is. */
export function UploadList({ uploads, onRemove, onRetry }: UploadListProps) {
  const { t } = usePreferences();
  if (uploads.length === 0) return null;
  return (
    <ul className="uploads" aria-label={t.files.chosen}>
      {uploads.map((upload) => (
        <UploadItem
          key={upload.key}
          upload={upload}
          onRemove={() => onRemove(upload.key)}
          onRetry={() => onRetry(upload)}
        />
      ))}
    </ul>
  );
}

/** An address for a picture that lies in this browser. */
function usePreview(file: File): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!isPicture(file.type)) return;
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}

interface UploadItemProps {
  upload: Upload;
  onRemove(): void;
  onRetry(): void;
}

function UploadItem({ upload, onRemove, onRetry }: UploadItemProps) {
  const { language, t } = usePreferences();
  const { file, share, attachment, fault } = upload;
  const preview = usePreview(file);
  return (
    <li className="upload" data-fault={fault !== undefined || undefined}>
      {preview ? <img src={preview} alt="" /> : <FileText size={20} aria-hidden="true" />}
      <span className="upload-text">
        <span className="upload-name">{file.name}</span>
        {fault === undefined ? (
          <span className="upload-size">{formatSize(language, file.size)}</span>
        ) : (
          <span className="upload-fault" role="alert">
            {fault}
          </span>
        )}
        {!attachment && fault === undefined && (
          <progress max={1} value={share} aria-label={t.files.uploading(file.name)} />
        )}
      </span>
      {fault !== undefined && (
        <button type="button" className="icon-button" onClick={onRetry} aria-label={t.files.retry(file.name)}>
          <RotateCw size={15} aria-hidden="true" />
        </button>
      )}
      <button type="button" className="icon-button" onClick={onRemove} aria-label={t.files.remove(file.name)}>
        <X size={15} aria-hidden="true" />
      </button>
    </li>
  );
}
