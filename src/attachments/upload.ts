import { type Attachment, cleanName, cleanType } from '../../amplify/core/attachment.ts';
import type { Presigned } from '../../amplify/core/presigned.ts';
import type { Api } from '../api/api.ts';
import { Unreachable } from '../api/api-error.ts';

/** Puts bytes at a presigned address. `tell` hears which share is there. Rejects when it is not taken or `signal` ends it. */
export type Put = (
  to: Presigned,
  file: Blob,
  tell: (share: number) => void,
  signal: AbortSignal,
) => Promise<void>;

/** By XMLHttpRequest: `fetch` does not tell how far an upload is. */
export const putFile: Put = ({ url, headers }, file, tell, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      // The browser sets the length itself and lets nobody else do it.
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => tell(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Unreachable(`status ${request.status}`));
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Uploads a file for a message that will name it. Throws what the backend refuses and `Unreachable`. */
export async function uploadFile(
  api: Pick<Api, 'uploadFile'>,
  file: File,
  tell: (share: number) => void,
  signal: AbortSignal,
  put: Put = putFile,
): Promise<Attachment> {
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  signal.throwIfAborted();
  const asked = { name: cleanName(file.name), type: cleanType(file.type), size: file.size, sha256 };
  const { file: attachment, upload } = await api.uploadFile(asked);
  signal.throwIfAborted();
  await put(upload, file, tell, signal);
  return attachment;
}
