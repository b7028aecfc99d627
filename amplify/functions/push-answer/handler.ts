import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { dynamoConversations } from '../../adapters/dynamo-conversations.ts';
import { dynamoDevices } from '../../adapters/dynamo-devices.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoMessages } from '../../adapters/dynamo-messages.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import { readPushAccess, webPusher } from '../../adapters/web-push/pusher.ts';
import { AppError } from '../../core/error.ts';
import { pushNews } from '../../core/push/push-news.ts';
import { parseEnvironment, pushEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';

const environment = parseEnvironment(pushEnvironment, process.env);
const parameters = ssmParameters(environment.PARAMETER_PREFIX);
const document = dynamoDocument();
const ports = {
  devices: dynamoDevices(document, environment.DEVICE_TABLE),
  messages: dynamoMessages(document, environment.MESSAGE_TABLE),
  conversations: dynamoConversations(document, environment.CONVERSATION_TABLE),
  pause: (ms: number) => pause(ms),
  log,
  ownerHash,
};

/** From the resolver push-news.js: a message of an owner who has devices has ended. */
const ended = z.object({
  owner: z.string().min(1),
  conversationId: z.string().min(1),
  id: z.string().min(1),
});

const about = (event: unknown) => {
  const parsed = ended.safeParse(event);
  return parsed.success ? { owner: ownerHash(parsed.data.owner), messageId: parsed.data.id } : {};
};

export const handler = answering(log, about, async (event: unknown): Promise<void> => {
  const parsed = ended.safeParse(event);
  if (!parsed.success) throw new AppError('internal', { detail: 'the event is not what the resolver sends' });
  const access = await readPushAccess(parameters);
  if (!access) return;
  const pusher = webPusher(access, { reach: environment.PUSH_ADDRESSES, now: Date.now, log });
  await pushNews({ ...ports, pusher }, parsed.data);
});
