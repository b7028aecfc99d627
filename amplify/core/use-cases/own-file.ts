import type { Attachment } from '../attachment.ts';
import { AppError } from '../error.ts';
import type { MessageKey, StoredMessage } from '../message-row.ts';
import type { ConversationStore, FileStore, FileUrls, MessageStore } from '../ports.ts';
import type { Presigned } from '../presigned.ts';
import { checkKey } from './check-message.ts';

interface OwnFilePorts {
  messages: Pick<MessageStore, 'get' | 'forgetFile'>;
  conversations: Pick<ConversationStore, 'get'>;
  files: Pick<FileStore, 'remove'>;
  urls: Pick<FileUrls, 'download'>;
  now: () => number;
}

/** A file is reached through the message that names it, and so through its conversation. Throws file.not_found. */
async function find(
  ports: OwnFilePorts,
  owner: string,
  key: MessageKey,
  fileId: string,
): Promise<{ row: StoredMessage; file: Attachment }> {
  checkKey(key);
  const [row, conversation] = await Promise.all([
    ports.messages.get(owner, key),
    ports.conversations.get(owner, key.conversationId),
  ]);
  const file = row && [...row.attachments, ...row.files].find(({ id }) => id === fileId);
  if (!row || !conversation || !file) throw new AppError('file.not_found');
  return { row, file };
}

/** Where the owner may read a file for a few minutes. Throws file.not_found, also for one that was deleted or has not arrived. */
export async function downloadFile(
  ports: OwnFilePorts,
  owner: string,
  key: MessageKey,
  fileId: string,
): Promise<Presigned> {
  const { file } = await find(ports, owner, key, fileId);
  if (file.deletedAt) throw new AppError('file.not_found', { detail: 'deleted' });
  if (file.missed) throw new AppError('file.not_found', { detail: 'never kept' });
  if (file.arriving) throw new AppError('file.not_found', { detail: 'not arrived yet' });
  return ports.urls.download(owner, file);
}

/** Deletes a file's bytes; the message goes on naming it as deleted. Doing it again is harmless. Throws file.not_found. */
export async function deleteFile(
  ports: OwnFilePorts,
  owner: string,
  key: MessageKey,
  fileId: string,
): Promise<StoredMessage> {
  const { row } = await find(ports, owner, key, fileId);
  await ports.files.remove(owner, [fileId]);
  const after = await ports.messages.forgetFile(row, fileId, new Date(ports.now()).toISOString());
  if (!after) throw new AppError('file.not_found');
  return after;
}
