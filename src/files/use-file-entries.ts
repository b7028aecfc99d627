import { useCallback, useEffect, useState } from 'react';
import type { Attachment } from '../../amplify/core/attachment.ts';
import type { FileEntry } from '../../amplify/core/file-entry.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

interface Listed {
  entries: readonly FileEntry[];
  nextToken: string | null;
  state: 'reading' | 'read' | 'failed';
}

/** The files of the signed-in user, a page at a time. */
export function useFileEntries() {
  const { api } = useWorkspace();
  const [listed, setListed] = useState<Listed>({ entries: [], nextToken: null, state: 'reading' });

  const read = useCallback(
    async (nextToken: string | null) => {
      setListed((before) => ({ ...before, state: 'reading' }));
      try {
        const page = await api.listFiles(nextToken);
        setListed((before) => ({
          entries: [...(nextToken === null ? [] : before.entries), ...page.items],
          nextToken: page.nextToken,
          state: 'read',
        }));
      } catch {
        setListed((before) => ({ ...before, state: 'failed' }));
      }
    },
    [api],
  );
  useEffect(() => void read(null), [read]);

  const erase = async ({ conversationId, messageId }: FileEntry, file: Attachment) => {
    const { attachments, files } = await api.deleteFile(conversationId, messageId, file.id);
    setListed((before) => ({
      ...before,
      entries: before.entries.map((entry) =>
        entry.messageId === messageId && entry.conversationId === conversationId
          ? { ...entry, attachments, files }
          : entry,
      ),
    }));
  };

  /** The next page, or the one that could not be read. */
  const readOn = () => read(listed.nextToken);
  return { ...listed, readOn, erase };
}
