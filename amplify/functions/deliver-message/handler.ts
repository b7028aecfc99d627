import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { openChannels } from '../../adapters/channels.ts';
import { dynamoLinks } from '../../adapters/dynamo-channels.ts';
import { dynamoDeliveries } from '../../adapters/dynamo-deliveries.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoLeases } from '../../adapters/dynamo-leases.ts';
import { dynamoMessages } from '../../adapters/dynamo-messages.ts';
import { dynamoTaskSessions } from '../../adapters/dynamo-task-sessions.ts';
import { fileBytes } from '../../adapters/file-bytes.ts';
import { s3FileUrls } from '../../adapters/s3-files.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import { type DeliverPorts, deliver, deliverSoon } from '../../core/channel/deliver.ts';
import { showTaskEvent } from '../../core/channel/show-task-event.ts';
import { AppError } from '../../core/error.ts';
import { taskEvent } from '../../core/task-event.ts';
import { deliverEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';

const environment = parseEnvironment(deliverEnvironment, process.env);
const document = dynamoDocument();
const ports: DeliverPorts = {
  channels: openChannels(ssmParameters(environment.PARAMETER_PREFIX), Date.now),
  deliveries: dynamoDeliveries(document, environment.DELIVERY_TABLE),
  links: dynamoLinks(document, environment.CHANNEL_TABLE),
  messages: dynamoMessages(document, environment.MESSAGE_TABLE),
  leases: dynamoLeases(document, environment.AGENT_TABLE),
  bytes: fileBytes(s3FileUrls(environment.BUCKET)),
  now: Date.now,
  pause: (ms) => pause(ms),
  log,
  ownerHash,
};
const sessions = dynamoTaskSessions(document, environment.TASK_SESSION_TABLE);

const key = { conversationId: z.string().min(1), id: z.string().min(1) };
const owner = z.string().min(1);
/** From the task, by the resolver serve-task.js after authorize-task.js found who calls. */
const asked = z.object({ field: z.literal('agentDeliver'), owner, arguments: z.object(key) });
/** From another function. */
const sent = z.object({ owner, ...key });
/** From EventBridge: a task is on its way. */
const moved = z.object({ detail: taskEvent });

const about = (event: unknown) => {
  const parsed = z.union([asked, sent]).safeParse(event);
  return parsed.success ? { owner: ownerHash(parsed.data.owner) } : {};
};

export const handler = answering(log, about, async (event: unknown) => {
  const fromTask = asked.safeParse(event);
  if (fromTask.success) return deliver(ports, { owner: fromTask.data.owner, ...fromTask.data.arguments });
  const fromFunction = sent.safeParse(event);
  if (fromFunction.success) return deliverSoon(ports, fromFunction.data);
  const fromEcs = moved.safeParse(event);
  if (fromEcs.success) return showTaskEvent({ ...ports, sessions }, fromEcs.data.detail);
  throw new AppError('internal', { detail: 'the event is not what the schema says' });
});
