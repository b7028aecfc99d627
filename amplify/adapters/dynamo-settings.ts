import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { SettingsStore } from '../core/ports.ts';
import { settings } from '../core/settings.ts';
import { plain } from './dynamo-document.ts';

/** Settings rows in the table of the Settings model. */
export const dynamoSettings = (client: DynamoDBDocumentClient, table: string): SettingsStore => ({
  get: async (owner) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { owner }, ConsistentRead: true }),
    );
    return Item ? settings.parse(plain(Item)) : {};
  },
});
