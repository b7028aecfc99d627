import { cleanName, cleanType, type FileUpload, maxAttachmentSize, newFile } from '../attachment.ts';
import { AppError } from '../error.ts';
import { newId } from '../message-id.ts';
import type { Clock, FileUrls } from '../ports.ts';

/**
 * Where a user may put a file, under a new id below their own prefix. It is there for a day or two,
 * and for good once a message names it. Throws attachment.invalid, attachment.too_large.
 */
export async function uploadFile(
  ports: { urls: FileUrls; now: Clock },
  owner: string,
  given: { name: string; type: string; size: number; sha256: string },
): Promise<FileUpload> {
  if (given.size > maxAttachmentSize) {
    throw new AppError('attachment.too_large', { detail: `${given.size} of at most ${maxAttachmentSize}` });
  }
  const parsed = newFile.safeParse({ ...given, name: cleanName(given.name), type: cleanType(given.type) });
  if (!parsed.success) {
    throw new AppError('attachment.invalid', { detail: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  const { sha256, ...rest } = parsed.data;
  const file = { ...rest, id: newId(ports.now()) };
  return { file, upload: await ports.urls.upload(owner, { ...file, sha256 }, { unsent: true }) };
}
