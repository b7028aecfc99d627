import type { UsageWindow } from '../core/allowance.ts';
import type { AllowanceStore } from '../core/ports.ts';
import { GetCommand, UpdateCommand } from './dynamo-command.ts';
import { type DynamoDocument, unlessRefused } from './dynamo-document.ts';

/**
 * Counters in the table of the Allowance model: one row an owner and day, one attribute a window. One conditional update
 * counts in all windows or in none, so two calls at once can't share the last use.
 */
export function dynamoAllowances(client: DynamoDocument, table: string): AllowanceStore {
  const add = (windows: readonly UsageWindow[]) => windows.map((_, at) => `#c${at} :by`).join(', ');
  const names = (windows: readonly UsageWindow[]) =>
    Object.fromEntries(windows.map(({ counter }, at) => [`#c${at}`, counter]));

  return {
    take: async ({ owner, day, expiresAt }, windows) => {
      const Key = { owner, day };
      const update = new UpdateCommand({
        TableName: table,
        Key,
        UpdateExpression: `SET expiresAt = :expiresAt ADD ${add(windows)}`,
        ConditionExpression: windows
          .map((_, at) => `(attribute_not_exists(#c${at}) OR #c${at} < :l${at})`)
          .join(' AND '),
        ExpressionAttributeNames: names(windows),
        ExpressionAttributeValues: {
          ':by': 1,
          ':expiresAt': expiresAt,
          ...Object.fromEntries(windows.map(({ limit }, at) => [`:l${at}`, limit])),
        },
      });
      const taken = await unlessRefused(
        client.send(update).then(() => true),
        () => false,
      );
      if (taken) return [];
      const { Item = {} } = await client.send(
        new GetCommand({ TableName: table, Key, ConsistentRead: true }),
      );
      const usedUp = windows.filter(({ counter, limit }) => Number(Item[counter] ?? 0) >= limit);
      // One was given back meanwhile: refused all the same, for no longer than the shortest window.
      return usedUp.length > 0 ? usedUp : windows.slice(-1);
    },

    giveBack: async ({ owner, day }, windows) => {
      const update = new UpdateCommand({
        TableName: table,
        Key: { owner, day },
        UpdateExpression: `ADD ${add(windows)}`,
        ConditionExpression: windows.map((_, at) => `attribute_exists(#c${at})`).join(' AND '),
        ExpressionAttributeNames: names(windows),
        ExpressionAttributeValues: { ':by': -1 },
      });
      await unlessRefused(
        client.send(update).then(() => undefined),
        () => undefined,
      );
    },
  };
}
