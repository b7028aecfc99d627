import { maxDevices, pushDevice } from '../core/push/device.ts';
import type { DeviceStore } from '../core/push/push-ports.ts';
import { DeleteCommand, PutCommand, QueryCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain } from './dynamo-document.ts';

/** Browsers that are pushed to, in the table of the PushDevice model. */
export const dynamoDevices = (client: DynamoDocument, table: string): DeviceStore => ({
  list: async (owner) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
        ConsistentRead: true,
        // Some more may have been saved at one moment.
        Limit: 2 * maxDevices,
      }),
    );
    return (Items ?? []).map((item) => pushDevice.parse(plain(item)));
  },
  put: async (device) => void (await client.send(new PutCommand({ TableName: table, Item: device }))),
  remove: async (owner, id) =>
    void (await client.send(new DeleteCommand({ TableName: table, Key: { owner, id } }))),
});
