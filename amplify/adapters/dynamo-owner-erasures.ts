import { erasureShard, type OwnerErasureStore, type OwnerMark } from '../core/erasure.ts';
import { AppError } from '../core/error.ts';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from './dynamo-command.ts';
import { type DynamoDocument, unlessRefused } from './dynamo-document.ts';
import { dueForErasure } from './dynamo-due.ts';

/** Marks of owners who want everything erased, in the table of the Settings model. */
export function dynamoOwnerErasures(client: DynamoDocument, table: string): OwnerErasureStore {
  const read = (item: Readonly<Record<string, unknown>> | undefined): OwnerMark | null =>
    item?.erasingSince
      ? { since: String(item.erasingSince), takesAccount: item.takesAccount === true }
      : null;
  const change = (owner: string, expression: string, values: Record<string, unknown>) =>
    unlessRefused(
      client
        .send(
          new UpdateCommand({
            TableName: table,
            Key: { owner },
            UpdateExpression: expression,
            ConditionExpression: 'attribute_exists(erasingSince)',
            ExpressionAttributeValues: values,
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => read(Attributes)),
      () => null,
    );
  return {
    due: async (now, limit) => {
      const items = await dueForErasure(client, table, now, limit);
      return items.map(({ owner }) => String(owner));
    },
    get: async (owner) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { owner }, ConsistentRead: true }),
      );
      return read(Item);
    },
    mark: async (owner, now, takesAccount) => {
      const since = new Date(now).toISOString();
      // The whole row: the settings go with it. A save that saw them is refused (resolvers/save-settings.js).
      const put = new PutCommand({
        TableName: table,
        Item: { owner, revision: 0, erasingSince: since, takesAccount, erasureShard, eraseAt: now },
        ConditionExpression: 'attribute_not_exists(erasingSince)',
      });
      const mark = await unlessRefused(
        client.send(put).then((): OwnerMark => ({ since, takesAccount })),
        () =>
          takesAccount
            ? change(owner, 'SET takesAccount = :yes, eraseAt = :now', { ':yes': true, ':now': now })
            : change(owner, 'SET eraseAt = :now', { ':now': now }),
      );
      // Erased in between: asking again marks anew.
      if (!mark) throw new AppError('internal', { retryable: true, detail: 'the mark was just taken away' });
      return mark;
    },
    postpone: async (owner, until) => void (await change(owner, 'SET eraseAt = :until', { ':until': until })),
    close: async (owner) => void (await client.send(new DeleteCommand({ TableName: table, Key: { owner } }))),
  };
}
