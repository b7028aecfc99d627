import { UpdateCommand } from '../../amplify/adapters/dynamo-command.ts';
import { dynamoDocument } from '../../amplify/adapters/dynamo-document.ts';
import { dynamoLeases } from '../../amplify/adapters/dynamo-leases.ts';
import { dynamoMessages } from '../../amplify/adapters/dynamo-messages.ts';
import { dynamoTaskSessions } from '../../amplify/adapters/dynamo-task-sessions.ts';
import type { Lease } from '../../amplify/core/lease.ts';
import { type MessageKey, pendingKey, type StoredMessage } from '../../amplify/core/message-row.ts';
import type { TaskSession } from '../../amplify/core/ports.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { Resource } from '../cloud/service.ts';

/** The functions that are asked or harmed by name. */
export type FunctionName = 'send-message' | 'retry-message' | 'serve-task' | 'task-changed' | 'sweep-idle';

export function functionOf(cloud: Cloud, name: FunctionName): Resource & { arn: string } {
  const found = cloud.assembly
    .byType('AWS::Lambda::Function')
    .find(({ logicalId }) => logicalId.startsWith(`${name.replace('-', '')}lambda`));
  if (!found?.arn) throw new Error(`the assembly has no function ${name}`);
  return { ...found, arn: found.arn };
}

/** The rows, read as they are stored, and time that passes for them. */
export interface Tables {
  lease(owner: string): Promise<Lease | null>;
  message(owner: string, key: MessageKey): Promise<StoredMessage | null>;
  session(taskId: string): Promise<TaskSession | null>;
  /**
   * Two minutes go by without a heartbeat: the lease has run out. Clocks cannot be moved, signatures would expire;
   * so the row is made older. Right only while nobody renews the lease: its task is gone, or cannot move.
   */
  ageLease(owner: string): Promise<void>;
  /** Five minutes go by since the message was accepted. */
  ageMessage(owner: string, row: StoredMessage): Promise<void>;
}

const minutes = 60_000;

/** Acts as the role of the function sweep-idle, which may read and change these rows. */
export function tablesOf(cloud: Cloud): Tables {
  const { iam, endpoint, region } = cloud.context;
  const roleArn: string = functionOf(cloud, 'sweep-idle').properties.Role;
  const client = dynamoDocument({
    region,
    endpoint,
    credentials: () => iam.assumeRole({ roleArn, sessionName: 'chaos' }),
  });
  const table = (model: string): string => {
    const found = cloud.assembly
      .byType('Custom::AmplifyDynamoDBTable')
      .find(({ logicalId }) => logicalId === `${model}Table`);
    if (!found) throw new Error(`the assembly has no table of ${model}`);
    return String(found.properties.tableName);
  };
  const leases = dynamoLeases(client, table('Agent'));
  const messages = dynamoMessages(client, table('Message'));
  const sessions = dynamoTaskSessions(client, table('TaskSession'));
  return {
    lease: leases.get,
    message: messages.get,
    session: sessions.get,
    ageLease: async (owner) => {
      await client.send(
        new UpdateCommand({
          TableName: table('Agent'),
          Key: { owner },
          UpdateExpression: 'SET leaseExpiresAt = :past',
          ConditionExpression: 'attribute_exists(leaseExpiresAt)',
          ExpressionAttributeValues: { ':past': Date.now() - 1 },
        }),
      );
    },
    ageMessage: async (owner, row) => {
      await client.send(
        new UpdateCommand({
          TableName: table('Message'),
          Key: { owner, 'conversationId#id': pendingKey(row) },
          UpdateExpression: 'SET acceptedAt = :past',
          ConditionExpression: 'attribute_exists(pendingShard)',
          ExpressionAttributeValues: {
            ':past': new Date(Date.parse(row.acceptedAt) - 5 * minutes).toISOString(),
          },
        }),
      );
    },
  };
}
