import type { Backend } from './backend.ts';
import type { TableDefinition } from './tables.ts';

/** Deletes items whose time to live (seconds since 1970) has passed. An item without a number there stays. */
export async function expireItems(
  backend: Backend,
  tables: readonly TableDefinition[],
  now: Date,
): Promise<void> {
  for (const { name, timeToLive, create } of tables) {
    if (timeToLive === undefined) continue;
    const keys = (create.KeySchema as { AttributeName: string }[]).map((key) => key.AttributeName);
    const values = { ':now': { N: String(Math.floor(now.getTime() / 1000)) } };
    let start: unknown;
    do {
      const { body } = await backend.call('Scan', {
        TableName: name,
        FilterExpression: '#ttl < :now',
        ExpressionAttributeNames: { '#ttl': timeToLive },
        ExpressionAttributeValues: values,
        ...(start ? { ExclusiveStartKey: start } : {}),
      });
      for (const item of (body.Items as Record<string, unknown>[] | undefined) ?? []) {
        await backend.call('DeleteItem', {
          TableName: name,
          Key: Object.fromEntries(keys.map((key) => [key, item[key]])),
          // It may have been renewed since it was read.
          ConditionExpression: '#ttl < :now',
          ExpressionAttributeNames: { '#ttl': timeToLive },
          ExpressionAttributeValues: values,
        });
      }
      start = body.LastEvaluatedKey;
    } while (start);
  }
}
