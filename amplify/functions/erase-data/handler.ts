import * as z from 'zod';
import { dynamoDeliveries } from '../../adapters/dynamo-deliveries.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoErasures } from '../../adapters/dynamo-erasures.ts';
import { dynamoLeases } from '../../adapters/dynamo-leases.ts';
import { dynamoMessages } from '../../adapters/dynamo-messages.ts';
import { dynamoOwned } from '../../adapters/dynamo-owned.ts';
import { dynamoOwnerErasures } from '../../adapters/dynamo-owner-erasures.ts';
import { dynamoSchedules } from '../../adapters/dynamo-schedules.ts';
import { ecsTaskStopper } from '../../adapters/ecs.ts';
import { lambdaCourier } from '../../adapters/lambda-courier.ts';
import { s3Files } from '../../adapters/s3-files.ts';
import { s3Owned } from '../../adapters/s3-owned.ts';
import { ssmSecrets } from '../../adapters/ssm.ts';
import { AppError } from '../../core/error.ts';
import { type EraseConversationPorts, eraseConversation } from '../../core/use-cases/erase-conversation.ts';
import { type EraseOwnerPorts, eraseAll, eraseOwner } from '../../core/use-cases/erase-owner.ts';
import { eraseEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';
import { publisherOf } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

/** The sweeper calls again for what a call of this length leaves, milliseconds: the function itself has 30 s. */
const workMs = 15_000;

const environment = parseEnvironment(eraseEnvironment, process.env);
const document = dynamoDocument();
const ports: EraseConversationPorts & EraseOwnerPorts = {
  erasures: dynamoErasures(document, environment.CONVERSATION_TABLE),
  marks: dynamoOwnerErasures(document, environment.SETTINGS_TABLE),
  owned: {
    ...dynamoOwned(document, {
      Agent: environment.AGENT_TABLE,
      Allowance: environment.ALLOWANCE_TABLE,
      ChannelRow: environment.CHANNEL_TABLE,
      Conversation: environment.CONVERSATION_TABLE,
      Delivery: environment.DELIVERY_TABLE,
      Message: environment.MESSAGE_TABLE,
      PushDevice: environment.DEVICE_TABLE,
      Schedule: environment.SCHEDULE_TABLE,
      TaskSession: environment.TASK_SESSION_TABLE,
      Usage: environment.USAGE_TABLE,
    }),
    ...s3Owned(environment.BUCKET),
  },
  messages: dynamoMessages(document, environment.MESSAGE_TABLE),
  deliveries: dynamoDeliveries(document, environment.DELIVERY_TABLE),
  schedules: dynamoSchedules(document, environment.SCHEDULE_TABLE),
  leases: dynamoLeases(document, environment.AGENT_TABLE),
  files: s3Files(environment.BUCKET),
  secrets: ssmSecrets(environment.PARAMETER_PREFIX),
  runner: ecsTaskStopper(environment.CLUSTER_ARN),
  publisher: publisherOf(environment.GRAPHQL_URL),
  courier: lambdaCourier(environment.DELIVER_FUNCTION),
  now: Date.now,
  log,
  ownerHash,
};

/** From a signed-in user. */
const asked = z.object({ identity: z.object({}) });
const everything = z.object({ account: z.boolean() });
/** From the resolver that deletes a conversation, and from the sweeper. Only what is marked is erased. */
const marked = z.object({ owner: z.string().min(1), conversationId: z.string().min(1).optional() });

const about = (event: unknown) => {
  const parsed = marked.safeParse(event);
  return parsed.success ? { owner: ownerHash(parsed.data.owner) } : aboutUserEvent(event);
};

export const handler = answering(log, about, async (event: unknown): Promise<string | null> => {
  const deadline = Date.now() + workMs;
  if (asked.safeParse(event).success) {
    const { owner, account } = readUserEvent(event, everything);
    return JSON.stringify(await eraseAll(ports, { owner, takesAccount: account }, deadline));
  }
  const parsed = marked.safeParse(event);
  if (!parsed.success) throw new AppError('internal', { detail: 'the event is not what the schema says' });
  const { owner, conversationId } = parsed.data;
  if (conversationId === undefined) await eraseOwner(ports, owner, deadline);
  else await eraseConversation(ports, { owner, conversationId }, deadline);
  return null;
});
