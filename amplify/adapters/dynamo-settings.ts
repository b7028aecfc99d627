import { deploymentSettings, wholeDeployment } from '../core/deployment-settings.ts';
import type { SettingsStore } from '../core/ports.ts';
import { storedSettings } from '../core/settings.ts';
import { GetCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain } from './dynamo-document.ts';

/** Settings rows in the table of the Settings model. */
export function dynamoSettings(client: DynamoDocument, table: string): SettingsStore {
  const read = async (owner: string): Promise<unknown> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { owner }, ConsistentRead: true }),
    );
    return Item ? plain(Item) : {};
  };
  return {
    get: async (owner) => storedSettings.parse(await read(owner)),
    ofDeployment: async () => deploymentSettings.parse(await read(wholeDeployment)),
  };
}
