import * as z from 'zod';
import { dynamoConversations } from '../../adapters/dynamo-conversations.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoMessages } from '../../adapters/dynamo-messages.ts';
import { s3Files, s3FileUrls } from '../../adapters/s3-files.ts';
import { AppError } from '../../core/error.ts';
import { toMessage } from '../../core/message-row.ts';
import { deleteFile, downloadFile } from '../../core/use-cases/own-file.ts';
import { uploadFile } from '../../core/use-cases/upload-file.ts';
import { fileEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(fileEnvironment, process.env);
const document = dynamoDocument();
const ports = {
  messages: dynamoMessages(document, environment.MESSAGE_TABLE),
  conversations: dynamoConversations(document, environment.CONVERSATION_TABLE),
  files: s3Files(environment.BUCKET),
  urls: s3FileUrls(environment.BUCKET),
  now: Date.now,
};

const newFile = z.object({ name: z.string(), type: z.string(), size: z.number().int(), sha256: z.string() });
const place = z.object({ conversationId: z.string(), messageId: z.string(), id: z.string() });
const placeOf = (event: unknown) => {
  const { owner, conversationId, messageId, id } = readUserEvent(event, place);
  return [owner, { conversationId, id: messageId }, id] as const;
};

const fields: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
  uploadFile: (event) => {
    const { owner, ...file } = readUserEvent(event, newFile);
    return uploadFile(ports, owner, file);
  },
  downloadFile: (event) => downloadFile(ports, ...placeOf(event)),
  deleteFile: async (event) => toMessage(await deleteFile(ports, ...placeOf(event))),
};

export const handler = answering(log, aboutUserEvent, async (event: unknown) => {
  const name = z.object({ fieldName: z.string() }).safeParse(event).data?.fieldName ?? '';
  const field = fields[name];
  if (!field) throw new AppError('internal', { detail: `no field ${name}` });
  return field(event);
});
