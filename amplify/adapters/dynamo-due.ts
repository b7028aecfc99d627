import { erasureShard } from '../core/erasure.ts';
import { QueryCommand } from './dynamo-command.ts';
import type { DynamoDocument } from './dynamo-document.ts';

/** Rows whose erasure is to be gone on with by `now`, out of a table’s sparse index: `limit` at most. */
export async function dueForErasure(client: DynamoDocument, table: string, now: number, limit: number) {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byErasure',
      KeyConditionExpression: 'erasureShard = :shard AND eraseAt <= :now',
      ExpressionAttributeValues: { ':shard': erasureShard, ':now': now },
      Limit: limit,
    }),
  );
  return Items ?? [];
}
