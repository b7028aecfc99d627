import { conversation } from '../core/conversation.ts';
import { AppError } from '../core/error.ts';
import type { ConversationStore } from '../core/ports.ts';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain, unlessRefused } from './dynamo-document.ts';

/** Conversation rows in the table of the Conversation model. */
export function dynamoConversations(client: DynamoDocument, table: string): ConversationStore {
  const get: ConversationStore['get'] = async (owner, id) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { owner, id }, ConsistentRead: true }),
    );
    return Item && !Item.deletedAt ? conversation.parse(plain(Item)) : null;
  };
  const update = (
    owner: string,
    id: string,
    expression: string,
    condition: string,
    values: Record<string, string>,
  ) =>
    unlessRefused(
      client
        .send(
          new UpdateCommand({
            TableName: table,
            Key: { owner, id },
            UpdateExpression: expression,
            ConditionExpression: condition,
            ExpressionAttributeValues: values,
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => conversation.parse(plain(Attributes ?? {}))),
      () => null,
    );

  return {
    get,
    create: async (owner, row) => {
      const put = new PutCommand({
        TableName: table,
        Item: { ...row, owner },
        ConditionExpression: 'attribute_not_exists(id)',
      });
      const made = await unlessRefused(
        client.send(put).then(() => row),
        () => get(owner, row.id),
      );
      if (made) return made;
      throw new AppError('internal', { retryable: true, detail: 'the conversation was deleted meanwhile' });
    },
    active: async (owner, since, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byActivity',
          KeyConditionExpression: '#owner = :owner AND activeAt >= :since',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':owner': owner, ':since': since },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return (Items ?? []).map(({ id }) => String(id));
    },
    touch: async (owner, id, { activeAt, title }) => {
      // Two updates, each with its own condition: a title that a person gave meanwhile stays, a later time stays.
      const named = await update(owner, id, 'SET title = :title', 'title = :none', {
        ':title': title,
        ':none': '',
      });
      const active = await update(owner, id, 'SET activeAt = :at', 'activeAt < :at', { ':at': activeAt });
      return active ?? named ?? get(owner, id);
    },
  };
}
