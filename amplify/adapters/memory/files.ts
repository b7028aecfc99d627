import { fileKey } from '../../core/attachment.ts';
import type { FileBytes, FileStore, FileUrls } from '../../core/ports.ts';

/** Files in memory. `rows` is open to tests, by key; `upload` plays the page that puts one there. */
export function memoryFiles() {
  const rows = new Map<string, { type: string; size: number; unsent: boolean; bytes?: Uint8Array }>();
  const store: FileStore = {
    find: async (owner, id) => {
      const row = rows.get(fileKey(owner, id));
      return row ? { type: row.type, size: row.size } : null;
    },
    keep: async (owner, id) => {
      const row = rows.get(fileKey(owner, id));
      if (row) row.unsent = false;
    },
    remove: async (owner, ids) => {
      for (const id of ids) rows.delete(fileKey(owner, id));
    },
  };
  const bytes: FileBytes = {
    read: async (owner, { id }) => rows.get(fileKey(owner, id))?.bytes ?? null,
    write: async (owner, { id, type }, content) =>
      void rows.set(fileKey(owner, id), { type, size: content.length, unsent: false, bytes: content }),
  };
  return {
    rows,
    ...store,
    bytes,
    upload: (owner: string, file: { id: string; type: string; size: number }) =>
      void rows.set(fileKey(owner, file.id), { type: file.type, size: file.size, unsent: true }),
  };
}

/** URLs that lead nowhere and say what they would allow. */
export const memoryFileUrls: FileUrls = {
  upload: async (owner, { id, size, type, sha256 }, { unsent }) => ({
    url: `https://bucket.test/${fileKey(owner, id)}?put`,
    headers: {
      'content-length': String(size),
      'content-type': type,
      'x-amz-checksum-sha256': sha256,
      ...(unsent && { 'x-amz-tagging': 'state=unsent' }),
    },
  }),
  download: async (owner, { id, name }) => ({
    url: `https://bucket.test/${fileKey(owner, id)}?get=${encodeURIComponent(name)}`,
    headers: {},
  }),
};
