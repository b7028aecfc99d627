import type { ConversationErasure, ErasureStore } from '../core/erasure.ts';
import { GetCommand, UpdateCommand } from './dynamo-command.ts';
import { type DynamoDocument, unlessRefused } from './dynamo-document.ts';
import { dueForErasure } from './dynamo-due.ts';

/** Marks of deleted conversations, in the table of the Conversation model. */
export function dynamoErasures(client: DynamoDocument, table: string): ErasureStore {
  const keyOf = ({ owner, conversationId }: ConversationErasure) => ({ owner, id: conversationId });
  const change = (erasure: ConversationErasure, expression: string, value: number) =>
    unlessRefused(
      client
        .send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(erasure),
            UpdateExpression: expression,
            ConditionExpression: 'attribute_exists(erasureShard)',
            ExpressionAttributeValues: { ':value': value },
          }),
        )
        .then(() => undefined),
      () => undefined,
    );
  return {
    due: async (now, limit) => {
      const items = await dueForErasure(client, table, now, limit);
      return items.map(({ owner, id }) => ({ owner: String(owner), conversationId: String(id) }));
    },
    deletedAt: async (erasure) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: keyOf(erasure), ConsistentRead: true }),
      );
      return Item?.erasureShard ? String(Item.deletedAt) : null;
    },
    postpone: (erasure, until) => change(erasure, 'SET eraseAt = :value', until),
    close: (erasure, expiresAt) =>
      change(erasure, 'SET expiresAt = :value REMOVE erasureShard, eraseAt', expiresAt),
  };
}
