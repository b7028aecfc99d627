import type { SettingsStore } from '../core/ports.ts';
import { storedSettings } from '../core/settings.ts';
import { GetCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain } from './dynamo-document.ts';

/** Settings rows in the table of the Settings model. */
export const dynamoSettings = (client: DynamoDocument, table: string): SettingsStore => ({
  get: async (owner) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { owner }, ConsistentRead: true }),
    );
    return Item ? storedSettings.parse(plain(Item)) : {};
  },
});
