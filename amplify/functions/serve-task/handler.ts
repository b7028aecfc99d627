import * as z from 'zod';
import { dynamoConversations } from '../../adapters/dynamo-conversations.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoLeases } from '../../adapters/dynamo-leases.ts';
import { dynamoMessages } from '../../adapters/dynamo-messages.ts';
import { dynamoSettings } from '../../adapters/dynamo-settings.ts';
import { s3SnapshotUrls } from '../../adapters/s3.ts';
import { s3FileUrls } from '../../adapters/s3-files.ts';
import { s3SnapshotFiles } from '../../adapters/s3-snapshot-files.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import { AppError } from '../../core/error.ts';
import { forgetSnapshots } from '../../core/use-cases/forget-snapshots.ts';
import { openSession } from '../../core/use-cases/open-session.ts';
import { recallTurns } from '../../core/use-cases/recall-turns.ts';
import { downloadTaskFiles, uploadTaskFile } from '../../core/use-cases/task-files.ts';
import { uploadSnapshot } from '../../core/use-cases/upload-snapshot.ts';
import { parseEnvironment, serveTaskEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';

const environment = parseEnvironment(serveTaskEnvironment, process.env);
const document = dynamoDocument();
const ports = {
  leases: dynamoLeases(document, environment.AGENT_TABLE),
  modelReach: environment.MODEL_ADDRESSES,
  conversations: dynamoConversations(document, environment.CONVERSATION_TABLE),
  messages: dynamoMessages(document, environment.MESSAGE_TABLE),
  settings: dynamoSettings(document, environment.SETTINGS_TABLE),
  parameters: ssmParameters(environment.PARAMETER_PREFIX),
  urls: s3SnapshotUrls(environment.BUCKET),
  files: s3SnapshotFiles(environment.BUCKET),
  log,
  ownerHash,
  now: Date.now,
  idleSeconds: environment.IDLE_SECONDS,
};
const filePorts = {
  leases: ports.leases,
  messages: ports.messages,
  urls: s3FileUrls(environment.BUCKET),
};

/** What the resolver serve-task.js sends, after authorize-task.js found who calls. */
const identity = {
  owner: z.string().min(1),
  epoch: z.number().int().positive(),
  taskId: z.string().min(1),
};
const request = z.discriminatedUnion('field', [
  z.object({ field: z.literal('agentOpenSession'), ...identity }),
  z.object({
    field: z.literal('agentRecall'),
    ...identity,
    arguments: z.object({ since: z.iso.datetime().nullish() }),
  }),
  z.object({
    field: z.literal('agentUploadSnapshot'),
    ...identity,
    arguments: z.object({
      size: z.number().int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      seq: z.number().int().positive(),
    }),
  }),
  z.object({
    field: z.literal('agentDownloadFiles'),
    ...identity,
    arguments: z.object({ conversationId: z.string(), id: z.string() }),
  }),
  z.object({
    field: z.literal('agentUploadFile'),
    ...identity,
    fileId: z.uuid(),
    arguments: z.object({ name: z.string(), type: z.string(), size: z.number().int(), sha256: z.string() }),
  }),
]);

const about = (event: unknown) => {
  const parsed = z.object({ field: z.string(), ...identity }).safeParse(event);
  if (!parsed.success) return {};
  const { field, owner, epoch, taskId } = parsed.data;
  return { field, owner: ownerHash(owner), epoch, taskId };
};

export const handler = answering(log, about, async (event: unknown) => {
  const parsed = request.safeParse(event);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') || 'the event';
    throw new AppError('internal', { detail: `${place} is not what the schema says` });
  }
  log({ level: 'info', what: 'served', ...about(event) });
  const asked = parsed.data;
  if (asked.field === 'agentUploadSnapshot') return uploadSnapshot(ports, asked, asked.arguments);
  if (asked.field === 'agentDownloadFiles') return downloadTaskFiles(filePorts, asked, asked.arguments);
  if (asked.field === 'agentUploadFile')
    return uploadTaskFile(filePorts, asked, asked.fileId, asked.arguments);
  if (asked.field === 'agentRecall') return recallTurns(ports, asked, asked.arguments.since ?? null);
  // Side by side: a wake must not wait for the tidying.
  const [grant] = await Promise.all([openSession(ports, asked), forgetSnapshots(ports, asked)]);
  return grant;
});
