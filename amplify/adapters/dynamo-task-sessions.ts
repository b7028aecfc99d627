import * as z from 'zod';
import { capacities } from '../core/capacity.ts';
import type { TaskSessionStore } from '../core/ports.ts';
import { GetCommand, PutCommand, UpdateCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain, unlessRefused } from './dynamo-document.ts';

const taskSession = z.object({
  taskId: z.string(),
  owner: z.string(),
  epoch: z.number().int(),
  capacity: z.enum(capacities),
  startedAt: z.string(),
  runningAt: z.string().optional(),
  stoppedAt: z.string().optional(),
  stopReason: z.string().optional(),
  version: z.number().int().optional(),
});

/** Task sessions in the table of the TaskSession model. */
export function dynamoTaskSessions(client: DynamoDocument, table: string): TaskSessionStore {
  return {
    get: async (taskId) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { taskId }, ConsistentRead: true }),
      );
      return Item ? taskSession.parse(plain(Item)) : null;
    },
    put: async (session, expiresAt) => {
      const put = new PutCommand({
        TableName: table,
        Item: { ...session, expiresAt },
        ConditionExpression: 'attribute_not_exists(taskId)',
      });
      await unlessRefused(client.send(put), () => null);
    },
    note: async (taskId, change) => {
      const known = Object.entries(change).filter(([, value]) => value !== undefined);
      const update = new UpdateCommand({
        TableName: table,
        Key: { taskId },
        UpdateExpression: `SET ${known.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression:
          'attribute_exists(taskId) AND (attribute_not_exists(#version) OR #version < :version)',
        ExpressionAttributeNames: Object.fromEntries(known.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(known.map(([name, value]) => [`:${name}`, value])),
      });
      return unlessRefused(
        client.send(update).then(() => true),
        () => false,
      );
    },
  };
}
