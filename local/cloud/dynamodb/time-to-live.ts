import type { Engine } from './engine.ts';
import { type Attributes, isFailure } from './model.ts';
import type { TableDefinition } from './tables.ts';

/** Deletes items whose time to live (seconds since 1970) has passed. An item without a number there stays. */
export async function expireItems(
  engine: Engine,
  tables: readonly TableDefinition[],
  now: Date,
): Promise<void> {
  for (const { name: TableName, timeToLive, shape } of tables) {
    if (timeToLive === undefined) continue;
    const passed = {
      ExpressionAttributeNames: { '#ttl': timeToLive },
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(now.getTime() / 1000)) } },
    };
    let ExclusiveStartKey: unknown;
    do {
      const page = await engine.call('Scan', {
        TableName,
        FilterExpression: '#ttl < :now',
        ...passed,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      });
      for (const item of page.Items as readonly Attributes[]) {
        const Key = Object.fromEntries(
          shape.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]),
        );
        // It may have been renewed since it was read.
        await engine
          .call('DeleteItem', { TableName, Key, ConditionExpression: '#ttl < :now', ...passed })
          .catch((error: unknown) => {
            if (!isFailure(error)) throw error;
          });
      }
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
}
