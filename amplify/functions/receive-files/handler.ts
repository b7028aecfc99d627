import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { openChannels } from '../../adapters/channels.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoMessages } from '../../adapters/dynamo-messages.ts';
import { fileBytes } from '../../adapters/file-bytes.ts';
import { lambdaCourier } from '../../adapters/lambda-courier.ts';
import { s3Files, s3FileUrls } from '../../adapters/s3-files.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import { type ReceivePorts, receiveFiles } from '../../core/channel/receive-files.ts';
import { AppError } from '../../core/error.ts';
import { parseEnvironment, receiveEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';
import { publisherOf } from '../ports.ts';

const environment = parseEnvironment(receiveEnvironment, process.env);
const ports: ReceivePorts = {
  channels: openChannels(ssmParameters(environment.PARAMETER_PREFIX), Date.now),
  messages: dynamoMessages(dynamoDocument(), environment.MESSAGE_TABLE),
  files: s3Files(environment.BUCKET),
  bytes: fileBytes(s3FileUrls(environment.BUCKET)),
  publisher: publisherOf(environment.GRAPHQL_URL),
  courier: lambdaCourier(environment.DELIVER_FUNCTION),
  now: Date.now,
  pause: (ms) => pause(ms),
  log,
  ownerHash,
};

/** From another function. */
const sent = z.object({
  owner: z.string().min(1),
  conversationId: z.string().min(1),
  id: z.string().min(1),
  fileId: z.string().optional(),
});
const about = (event: unknown) => {
  const parsed = sent.safeParse(event);
  return parsed.success ? { owner: ownerHash(parsed.data.owner) } : {};
};

export const handler = answering(log, about, async (event: unknown) => {
  const parsed = sent.safeParse(event);
  if (!parsed.success) throw new AppError('internal', { detail: 'the event is not what the code says' });
  await receiveFiles(ports, parsed.data);
});
