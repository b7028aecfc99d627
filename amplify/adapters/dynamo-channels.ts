import * as z from 'zod';
import type { ChannelLink, LinkStore, PlaceStore } from '../core/channel/channel-ports.ts';
import { type Place, parsePlaceKey, placeKey } from '../core/channel/place.ts';
import { languages } from '../core/language.ts';
import { isAwsFault } from './aws/fault.ts';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from './dynamo-command.ts';
import { type DynamoDocument, plain, unlessRefused } from './dynamo-document.ts';

const link = z.object({
  channel: z.string(),
  userId: z.string(),
  owner: z.string(),
  name: z.string(),
  language: z.enum(languages),
  linkedAt: z.string(),
  isActive: z.boolean(),
});
const code = z.object({ owner: z.string(), endsAt: z.number() });
/** Why each item of a transaction was refused, in their order. */
const canceled = z.object({ CancellationReasons: z.array(z.object({ Code: z.string() })).default([]) });
const pointer = z.object({ userId: z.string() });
const placeRow = z.object({
  owner: z.string(),
  conversationId: z.string(),
  since: z.number(),
  at: z.number(),
  isPrivate: z.boolean().optional(),
});
const placePrefix = 'place#';

/** The table's one key says what a row is. */
const keys = {
  code: (channel: string, hash: string) => ({ id: `code#${channel}#${hash}` }),
  user: (channel: string, userId: string) => ({ id: `user#${channel}#${userId}` }),
  owner: (channel: string, owner: string) => ({ id: `owner#${channel}#${owner}` }),
  stranger: (channel: string, userId: string, what: string) => ({
    id: `stranger#${channel}#${userId}#${what}`,
  }),
};

function rows(client: DynamoDocument, table: string) {
  return async <Shape extends z.ZodType>(
    Key: { id: string },
    shape: Shape,
  ): Promise<z.output<Shape> | null> => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item ? shape.parse(plain(Item)) : null;
  };
}

/** Links in the table of the ChannelRow model. */
export function dynamoLinks(client: DynamoDocument, table: string): LinkStore {
  const get = rows(client, table);
  const ofUser = (channel: string, userId: string) => get(keys.user(channel, userId), link);
  const ofOwner = async (channel: string, owner: string): Promise<ChannelLink | null> => {
    const known = await get(keys.owner(channel, owner), pointer);
    const found = known && (await ofUser(channel, known.userId));
    // The person is linked with somebody else since.
    return found?.owner === owner ? found : null;
  };
  return {
    ofUser,
    ofOwner,
    putCode: async (channel, hash, owner, endsAt) => {
      // DynamoDB deletes late: what counts is `endsAt`.
      const Item = { ...keys.code(channel, hash), owner, endsAt, expiresAt: Math.ceil(endsAt / 1000) };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
    linkByCode: async (hash, now, person) => {
      const { channel } = person;
      const codeKey = keys.code(channel, hash);
      const known = await get(codeKey, code);
      if (!known || known.endsAt <= now) return null;
      const made: ChannelLink = { ...person, owner: known.owner };
      const before = await get(keys.owner(channel, made.owner), pointer);
      const stale = before && before.userId !== made.userId ? [keys.user(channel, before.userId)] : [];
      try {
        await client.send(
          new TransactWriteCommand({
            TransactItems: [
              { Delete: { TableName: table, Key: codeKey, ConditionExpression: 'attribute_exists(id)' } },
              { Put: { TableName: table, Item: { ...keys.user(channel, made.userId), ...made } } },
              {
                Put: {
                  TableName: table,
                  Item: { ...keys.owner(channel, made.owner), owner: made.owner, userId: made.userId },
                },
              },
              ...stale.map((Key) => ({ Delete: { TableName: table, Key } })),
            ],
          }),
        );
        return made;
      } catch (error) {
        if (!isAwsFault(error, 'TransactionCanceledException')) throw error;
        const [first] = canceled.parse(error.body).CancellationReasons;
        if (first?.Code === 'ConditionalCheckFailed') return null;
        throw error;
      }
    },
    unlink: async (channel, owner) => {
      const found = await ofOwner(channel, owner);
      if (!found) return null;
      await client.send(
        new TransactWriteCommand({
          TransactItems: [
            { Delete: { TableName: table, Key: keys.user(channel, found.userId) } },
            { Delete: { TableName: table, Key: keys.owner(channel, owner) } },
          ],
        }),
      );
      return found;
    },
    setActive: (channel, userId, isActive) =>
      unlessRefused(
        client
          .send(
            new UpdateCommand({
              TableName: table,
              Key: keys.user(channel, userId),
              UpdateExpression: 'SET isActive = :active',
              ConditionExpression: 'attribute_exists(id)',
              ExpressionAttributeValues: { ':active': isActive },
              ReturnValues: 'ALL_NEW',
            }),
          )
          .then(({ Attributes }) => link.parse(plain(Attributes ?? {}))),
        () => null,
      ),
    countStranger: async (channel, userId, what, expiresAt) => {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keys.stranger(channel, userId, what),
          UpdateExpression: 'SET expiresAt = if_not_exists(expiresAt, :until) ADD #count :one',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':one': 1, ':until': Math.ceil(expiresAt / 1000) },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Number(Attributes?.count);
    },
  };
}

/** Places in the table of the ChannelRow model. */
export function dynamoPlaces(client: DynamoDocument, table: string): PlaceStore {
  const get = rows(client, table);
  const keyOf = (place: Place) => ({ id: `${placePrefix}${placeKey(place)}` });
  const entryOf = async (key: { id: string }) => {
    const found = await get(key, placeRow);
    if (!found) return null;
    const { isPrivate: _isPrivate, ...entry } = found;
    return entry;
  };
  return {
    get: (place) => entryOf(keyOf(place)),
    ofConversation: async (owner, conversationId) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byOwner',
          KeyConditionExpression: '#owner = :owner',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':owner': owner },
        }),
      );
      for (const { id } of Items ?? []) {
        const place =
          String(id).startsWith(placePrefix) && parsePlaceKey(String(id).slice(placePrefix.length));
        const row = place && (await get({ id: String(id) }, placeRow));
        // What the index says may be of yesterday.
        if (row && row.owner === owner && row.conversationId === conversationId)
          return { ...place, isPrivate: row.isPrivate ?? false };
      }
      return null;
    },
    begin: async (place, entry, { gone, isNewer }) => {
      const put = new PutCommand({
        TableName: table,
        Item: { ...keyOf(place), ...entry, isPrivate: place.isPrivate },
        ConditionExpression:
          'attribute_not_exists(id) OR #owner <> :owner OR conversationId = :gone OR #since < :newer',
        ExpressionAttributeNames: { '#owner': 'owner', '#since': 'since' },
        // Nothing is called '', and nothing began before 0.
        ExpressionAttributeValues: {
          ':owner': entry.owner,
          ':gone': gone ?? '',
          ':newer': isNewer ? entry.since : -1,
        },
      });
      for (;;) {
        const begun = await unlessRefused(
          client.send(put).then(() => entry),
          () => entryOf(keyOf(place)),
        );
        // Removed in between: it is free again.
        if (begun) return begun;
      }
    },
    remove: async (place) =>
      void (await client.send(new DeleteCommand({ TableName: table, Key: keyOf(place) }))),
  };
}
