import type { OwnedStore } from '../core/erasure.ts';
import { type OwnedModel, ownedRowsOf, type RowKey } from '../core/owned.ts';
import { DeleteCommand, QueryCommand } from './dynamo-command.ts';
import type { DynamoDocument } from './dynamo-document.ts';

/** Rows that are read, and deleted side by side. */
const page = 50;

/** An owner's rows in the tables of their models. */
export const dynamoOwned = (
  client: DynamoDocument,
  tables: Readonly<Record<OwnedModel, string>>,
): Pick<OwnedStore, 'rows' | 'remove'> => ({
  rows: async function* (owner, model) {
    const { key, index } = ownedRowsOf(model);
    const names = Object.fromEntries(key.map((name, at) => [`#k${at}`, name]));
    let from: Record<string, unknown> | undefined;
    do {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tables[model],
          ...(index ? { IndexName: index } : { ConsistentRead: true }),
          KeyConditionExpression: '#owner = :owner',
          ProjectionExpression: Object.keys(names).join(', '),
          ExpressionAttributeNames: { '#owner': 'owner', ...names },
          ExpressionAttributeValues: { ':owner': owner },
          Limit: page,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      yield (Items ?? []).map((item) =>
        Object.fromEntries(key.map((name): [string, string] => [name, String(item[name])])),
      );
      from = LastEvaluatedKey;
    } while (from);
  },
  remove: async (model, keys) => {
    const remove = (Key: RowKey) => client.send(new DeleteCommand({ TableName: tables[model], Key }));
    await Promise.all(keys.map(remove));
  },
});
