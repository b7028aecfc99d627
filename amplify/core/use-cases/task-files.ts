import type { FileUpload, NewFile } from '../attachment.ts';
import { AppError } from '../error.ts';
import type { MessageKey } from '../message-row.ts';
import type { FileUrls, LeaseStore, MessageStore } from '../ports.ts';
import type { TaskFileDownload } from '../task-grant.ts';
import { readNewFile } from './check-attachments.ts';
import { heldLease, type TaskIdentity } from './open-session.ts';

/** Where the holder may read what was sent with its owner's message; files that were deleted or never arrived are left out. Throws unauthorized. */
export async function downloadTaskFiles(
  ports: { leases: LeaseStore; messages: Pick<MessageStore, 'get'>; urls: Pick<FileUrls, 'download'> },
  task: TaskIdentity,
  key: MessageKey,
): Promise<TaskFileDownload[]> {
  const [row] = await Promise.all([ports.messages.get(task.owner, key), heldLease(ports, task)]);
  if (!row) throw new AppError('message.not_found');
  const present = row.attachments.filter(({ deletedAt, arriving }) => !deletedAt && !arriving);
  return Promise.all(
    present.map(async (file) => ({ id: file.id, download: await ports.urls.download(task.owner, file) })),
  );
}

/**
 * Where the holder may put a file that the agent made, under the id that the message's row has noted for it
 * (resolvers/note-upload.js). Throws attachment.too_large, attachment.invalid.
 */
export async function uploadTaskFile(
  ports: { urls: Pick<FileUrls, 'upload'> },
  task: TaskIdentity,
  id: string,
  given: NewFile,
): Promise<FileUpload> {
  const { sha256, ...file } = readNewFile(given);
  const upload = await ports.urls.upload(task.owner, { ...file, id, sha256 }, { unsent: false });
  return { file: { ...file, id }, upload };
}
