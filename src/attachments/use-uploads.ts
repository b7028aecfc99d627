import { useCallback, useEffect, useRef, useState } from 'react';
import { type Attachment, maxAttachmentSize, maxAttachments } from '../../amplify/core/attachment.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { uploadFile } from './upload.ts';

/** A file that was chosen for the next message. */
export interface Upload {
  key: number;
  file: File;
  /** 0 to 1. */
  share: number;
  /** There once it is uploaded. */
  attachment?: Attachment;
  /** Why it could not be uploaded. */
  fault?: string;
}

let lastKey = 0;

/** The files beside the text that is being written. They go up at once; `id` names the conversation they are for. */
export function useUploads(id: string | null) {
  const { t } = usePreferences();
  const { api } = useWorkspace();
  const notify = useNotify();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const stops = useRef(new Map<number, AbortController>());

  const change = useCallback(
    (key: number, next: Partial<Upload>) =>
      setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...next } : each))),
    [],
  );
  const clear = useCallback(() => {
    for (const stop of stops.current.values()) stop.abort();
    stops.current.clear();
    setUploads([]);
  }, []);
  // Another conversation: what was chosen for the last one is not for this one.
  useEffect(() => {
    void id;
    return clear;
  }, [id, clear]);

  const start = (upload: Upload) => {
    const stop = new AbortController();
    stops.current.set(upload.key, stop);
    uploadFile(api, upload.file, (share) => change(upload.key, { share }), stop.signal).then(
      (attachment) => change(upload.key, { attachment, share: 1 }),
      (error: unknown) => {
        if (!stop.signal.aborted) change(upload.key, { fault: faultLine(error, t) });
      },
    );
  };

  const add = (files: Iterable<File>) => {
    const room = maxAttachments - uploads.length;
    const fitting = [...files].filter(({ name, size }) => {
      const fits = size > 0 && size <= maxAttachmentSize;
      if (!fits) notify('error', size > 0 ? t.files.tooLarge(name) : t.files.empty(name));
      return fits;
    });
    if (fitting.length > room) notify('error', t.files.tooMany(maxAttachments));
    const added = fitting.slice(0, Math.max(0, room)).map((file): Upload => {
      lastKey += 1;
      return { key: lastKey, file, share: 0 };
    });
    setUploads((all) => [...all, ...added]);
    for (const upload of added) start(upload);
  };

  const remove = (key: number) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    setUploads((all) => all.filter((each) => each.key !== key));
  };
  const retry = (upload: Upload) => {
    const { fault: _, ...again } = upload;
    setUploads((all) => all.map((each) => (each.key === upload.key ? { ...again, share: 0 } : each)));
    start(again);
  };

  return { uploads, add, remove, retry, clear };
}
