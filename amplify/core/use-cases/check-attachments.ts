import {
  type Attachment,
  attachment,
  cleanName,
  cleanType,
  maxAttachmentSize,
  maxAttachments,
  type NewFile,
  newFile,
} from '../attachment.ts';
import { AppError } from '../error.ts';
import type { FileStore } from '../ports.ts';

/** A file as whoever wants to upload it describes it. Throws attachment.too_large, attachment.invalid. */
export function readNewFile(given: NewFile): NewFile {
  if (given.size > maxAttachmentSize) {
    throw new AppError('attachment.too_large', { detail: `${given.size} of at most ${maxAttachmentSize}` });
  }
  const parsed = newFile.safeParse({ ...given, name: cleanName(given.name), type: cleanType(given.type) });
  if (!parsed.success) {
    throw new AppError('attachment.invalid', { detail: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  return parsed.data;
}

/** Files as a client names them. Throws attachment.too_many, attachment.invalid. */
export function readAttachments(given: unknown): readonly Attachment[] {
  const list = given ?? [];
  if (!Array.isArray(list)) throw new AppError('attachment.invalid', { detail: 'not a list' });
  if (list.length > maxAttachments) {
    throw new AppError('attachment.too_many', { detail: `${list.length} of at most ${maxAttachments}` });
  }
  const named = list.map((each) => ({ ...each, name: cleanName(String(each?.name ?? '')) }));
  const parsed = attachment
    .omit({ deletedAt: true, arriving: true, missed: true, voice: true })
    .array()
    .safeParse(named);
  if (!parsed.success) {
    throw new AppError('attachment.invalid', { detail: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  if (new Set(parsed.data.map(({ id }) => id)).size < list.length) {
    throw new AppError('attachment.invalid', { detail: 'the same file twice' });
  }
  return parsed.data;
}

/**
 * Keeps the owner's uploads that a message names. Gives them with the size and type that they really have.
 * Throws attachment.missing, attachment.too_large.
 */
export function keepAttachments(
  ports: { files: Pick<FileStore, 'find' | 'keep'> },
  owner: string,
  attachments: readonly Attachment[],
): Promise<Attachment[]> {
  return Promise.all(
    attachments.map(async (each) => {
      const stored = await ports.files.find(owner, each.id);
      if (!stored) throw new AppError('attachment.missing', { detail: each.id });
      if (stored.size > maxAttachmentSize) throw new AppError('attachment.too_large', { detail: each.id });
      await ports.files.keep(owner, each.id);
      return { ...each, ...stored };
    }),
  );
}
