import { createHash } from 'node:crypto';
import type { FileBytes, FileUrls } from '../core/ports.ts';

/** For one file's way through the network, milliseconds. */
const patience = 15_000;

/** Files of owners, read and written by the URLs that pages and tasks use too: so length, type and SHA-256 are bound. */
export function fileBytes(urls: FileUrls): FileBytes {
  const call = (url: string, init: RequestInit) =>
    fetch(url, { ...init, signal: AbortSignal.timeout(patience) });
  const failed = (what: string, { status }: Response) => new Error(`${what}: storage says ${status}`);
  return {
    read: async (owner, file) => {
      const { url, headers } = await urls.download(owner, file);
      const response = await call(url, { headers });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      await response.body?.cancel();
      // S3 says 403 instead of 404 to who may not list.
      if (response.status === 404 || response.status === 403) return null;
      throw failed('reading a file', response);
    },
    write: async (owner, { id, name, type }, bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const file = { id, name, type, size: bytes.length, sha256 };
      const { url, headers } = await urls.upload(owner, file, { unsent: false });
      // `fetch` says the length itself.
      const { 'content-length': _, ...sent } = headers;
      const response = await call(url, { method: 'PUT', headers: sent, body: new Uint8Array(bytes) });
      await response.body?.cancel();
      if (!response.ok) throw failed('writing a file', response);
    },
  };
}
