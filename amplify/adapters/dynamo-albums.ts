import * as z from 'zod';
import type { AlbumStore } from '../core/channel/channel-ports.ts';
import { placeKey } from '../core/channel/place.ts';
import { GetCommand, PutCommand } from './dynamo-command.ts';
import { type DynamoDocument, unlessRefused } from './dynamo-document.ts';

const albumRow = z.object({ owner: z.string(), conversationId: z.string(), messageId: z.string() });

/** Albums in the table of the ChannelRow model. */
export const dynamoAlbums = (client: DynamoDocument, table: string): AlbumStore => ({
  begin: async (place, album, entry, expiresAt) => {
    const Key = { id: `album#${placeKey(place)}#${album}` };
    const { owner, conversationId, id: messageId } = entry;
    const put = new PutCommand({
      TableName: table,
      Item: { ...Key, owner, conversationId, messageId, expiresAt: Math.ceil(expiresAt / 1000) },
      ConditionExpression: 'attribute_not_exists(id)',
    });
    const begun = await unlessRefused(
      client.send(put).then(() => true),
      () => false,
    );
    if (begun) return entry;
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    // It has just expired: what comes so late is a message of its own.
    if (!Item) return entry;
    const { messageId: id, ...rest } = albumRow.parse(Item);
    return { owner: rest.owner, conversationId: rest.conversationId, id };
  },
});
