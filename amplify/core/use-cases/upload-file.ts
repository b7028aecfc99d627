import type { FileUpload, NewFile } from '../attachment.ts';
import { newId } from '../message-id.ts';
import type { Clock, FileUrls } from '../ports.ts';
import { readNewFile } from './check-attachments.ts';

/**
 * Where a user may put a file, under a new id below their own prefix. It is there for a day or two,
 * and for good once a message names it. Throws attachment.invalid, attachment.too_large.
 */
export async function uploadFile(
  ports: { urls: FileUrls; now: Clock },
  owner: string,
  given: NewFile,
): Promise<FileUpload> {
  const { sha256, ...rest } = readNewFile(given);
  const file = { ...rest, id: newId(ports.now()) };
  return { file, upload: await ports.urls.upload(owner, { ...file, sha256 }, { unsent: true }) };
}
