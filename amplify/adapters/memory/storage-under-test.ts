import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { compressionOf } from '../../core/state-file.ts';
import type { StorageUnderTest } from '../contracts/storage.ts';
import { memoryFiles, memoryFileUrls } from './files.ts';
import { memorySnapshotFiles } from './snapshot-files.ts';
import { memorySnapshotImports } from './snapshot-imports.ts';
import { memorySnapshotUrls } from './snapshot-urls.ts';

/** For tests: the adapters in memory, with storage that takes and gives what their URLs allow. */
export function memoryStorage(): StorageUnderTest {
  const files = memoryFiles();
  const imports = memorySnapshotImports();
  const snapshotFiles = memorySnapshotFiles();
  const stored = new Map<string, Uint8Array>();
  const keyOf = (url: string) => new URL(url).pathname.slice(1);
  const isThere = (key: string) =>
    files.rows.has(key) || imports.rows.has(key) || snapshotFiles.keys.has(key);
  return {
    ...{ owner: 'ann', files, fileUrls: memoryFileUrls, snapshotUrls: memorySnapshotUrls, snapshotFiles },
    imports,
    put: async ({ url, headers }, bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (headers['content-length'] !== String(bytes.length)) return 403;
      if (headers['x-amz-checksum-sha256'] !== sha256) return 400;
      const key = keyOf(url);
      const unsent = headers['x-amz-tagging'] !== undefined;
      stored.set(key, bytes);
      if (key.includes('/files/'))
        files.rows.set(key, { type: headers['content-type'] ?? '', size: bytes.length, unsent });
      else if (key.includes('/import-'))
        imports.rows.set(key, { size: bytes.length, sha256, unsent, ...contentOf(bytes) });
      else snapshotFiles.keys.add(key);
      return 200;
    },
    get: async ({ url }) => (isThere(keyOf(url)) ? (stored.get(keyOf(url)) ?? null) : null),
    isMarked: async (key) => (files.rows.get(key) ?? imports.rows.get(key))?.unsent ?? false,
  };
}

function contentOf(bytes: Uint8Array) {
  const compression = compressionOf(bytes);
  try {
    return { compression, begin: new Uint8Array(gunzipSync(bytes)).subarray(0, 512) };
  } catch {
    return { compression, begin: new Uint8Array() };
  }
}
