import type { DeliveryStore } from '../core/channel/channel-ports.ts';
import { type Delivery, delivery, dueAt, dueShard, keptMs } from '../core/channel/delivery.ts';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from './dynamo-command.ts';
import { type DynamoDocument, ownedKey, plain, unlessRefused } from './dynamo-document.ts';

/** The outbox in the table of the Delivery model. */
export function dynamoDeliveries(client: DynamoDocument, table: string): DeliveryStore {
  const put = (row: Delivery, now: number, condition: string, values?: Record<string, unknown>) => {
    const due = dueAt(row, now);
    return unlessRefused(
      client
        .send(
          new PutCommand({
            TableName: table,
            // Only rows with something left to bring stand in the sweeper's index.
            Item: {
              ...row,
              ...(due !== undefined && { dueShard, dueAt: due }),
              expiresAt: Math.ceil((now + keptMs) / 1000),
            },
            ConditionExpression: condition,
            ...(values && { ExpressionAttributeValues: values }),
          }),
        )
        .then(() => row),
      () => null,
    );
  };
  return {
    get: async (owner, id) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { owner, id }, ConsistentRead: true }),
      );
      return Item ? delivery.parse(plain(Item)) : null;
    },
    open: async (row, now) => void (await put(row, now, 'attribute_not_exists(id)')),
    save: (row, now) =>
      put({ ...row, revision: row.revision + 1 }, now, 'revision = :seen', { ':seen': row.revision }),
    remove: async (owner, ids) => {
      const remove = (id: string) => client.send(new DeleteCommand({ TableName: table, Key: { owner, id } }));
      await Promise.all(ids.map(remove));
    },
    overdue: async (now, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byDue',
          KeyConditionExpression: 'dueShard = :shard AND dueAt < :now',
          ExpressionAttributeValues: { ':shard': dueShard, ':now': now },
          ProjectionExpression: '#owner, conversationId, id',
          ExpressionAttributeNames: { '#owner': 'owner' },
          Limit: limit,
        }),
      );
      return (Items ?? []).map(ownedKey);
    },
  };
}
