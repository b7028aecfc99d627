import { maxSchedules, type Schedule, schedule, scheduleShard } from '../core/schedule/schedule.ts';
import type { ScheduleStore } from '../core/schedule/schedule-ports.ts';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain, unlessRefused } from './dynamo-document.ts';

/** Schedules in the table of the Schedule model. */
export function dynamoSchedules(client: DynamoDocument, table: string): ScheduleStore {
  const put = (row: Schedule, condition: string, values?: Record<string, unknown>) => {
    const { nextAt, begunAt, lastRun, ...rest } = row;
    // Only what is on stands in the index, whose key can't be null.
    const next = nextAt === null ? {} : { nextAt, scheduleShard };
    const begun = begunAt == null ? {} : { begunAt };
    const last = lastRun ? { lastRun } : {};
    return unlessRefused(
      client
        .send(
          new PutCommand({
            TableName: table,
            Item: { ...rest, ...next, ...begun, ...last },
            ConditionExpression: condition,
            ...(values && { ExpressionAttributeValues: values }),
          }),
        )
        .then(() => row),
      () => null,
    );
  };
  return {
    list: async (owner) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#owner = :owner',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':owner': owner },
          ConsistentRead: true,
          // Some more may have been made at one moment.
          Limit: 2 * maxSchedules,
        }),
      );
      return (Items ?? []).map((item) => schedule.parse(plain(item)));
    },
    get: async ({ owner, id }) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { owner, id }, ConsistentRead: true }),
      );
      return Item ? schedule.parse(plain(Item)) : null;
    },
    add: async (row) => (await put(row, 'attribute_not_exists(id)')) !== null,
    save: (row) => put({ ...row, revision: row.revision + 1 }, 'revision = :seen', { ':seen': row.revision }),
    end: ({ owner, id, revision }) =>
      unlessRefused(
        client
          .send(
            new DeleteCommand({
              TableName: table,
              Key: { owner, id },
              ConditionExpression: 'revision = :seen',
              ExpressionAttributeValues: { ':seen': revision },
            }),
          )
          .then(() => true),
        () => false,
      ),
    remove: async (owner, ids) => {
      const remove = (id: string) => client.send(new DeleteCommand({ TableName: table, Key: { owner, id } }));
      await Promise.all(ids.map(remove));
    },
    due: async (now, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byNext',
          KeyConditionExpression: 'scheduleShard = :shard AND nextAt <= :now',
          ExpressionAttributeValues: { ':shard': scheduleShard, ':now': now },
          Limit: limit,
        }),
      );
      return (Items ?? []).map(({ owner, id }) => ({ owner: String(owner), id: String(id) }));
    },
  };
}
