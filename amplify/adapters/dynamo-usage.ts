import { wholeDeployment } from '../core/deployment-settings.ts';
import { AppError } from '../core/error.ts';
import type { UsageStore } from '../core/ports.ts';
import { bookingOf, type MonthBooking, monthsBetween, monthUsageOf } from '../core/usage.ts';
import { GetCommand, UpdateCommand } from './dynamo-command.ts';
import { type DynamoDocument, plain, unlessRefused } from './dynamo-document.ts';

/** So often another booking of the same task may be faster. */
const maxTries = 5;

/** Usage rows in the table of the Usage model. */
export function dynamoUsage(client: DynamoDocument, table: string): UsageStore {
  const read = async (owner: string, period: string): Promise<Record<string, unknown>> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { owner, period }, ConsistentRead: true }),
    );
    return Item ? plain(Item) : {};
  };

  /** Adds to the whole deployment's row what counts against its caps, or with -1 takes it away again. */
  const addToTotal = ({ month, days }: MonthBooking, sign: 1 | -1) => {
    const names = days.map(({ day }) => `counted${day.slice(8)}`);
    const sum = days.reduce((total, { micros }) => total + micros, 0);
    const update = new UpdateCommand({
      TableName: table,
      Key: { owner: wholeDeployment, period: month },
      UpdateExpression: `ADD counted :sum, ${names.map((_, at) => `#n${at} :v${at}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#n${at}`, name])),
      ExpressionAttributeValues: {
        ':sum': sign * sum,
        ...Object.fromEntries(days.map(({ micros }, at) => [`:v${at}`, sign * micros])),
      },
    });
    return client.send(update);
  };

  /**
   * Adds a booking, if the task's mark is still the one that it was computed from. The total goes up first and down last:
   * a function that dies in between leaves it too high, never too low.
   */
  const add = async (owner: string, taskId: string, booking: MonthBooking, before: number | undefined) => {
    await addToTotal(booking, 1);
    const isAdded = await addToOwner(owner, taskId, booking, before);
    if (!isAdded) await addToTotal(booking, -1);
    return isAdded;
  };

  const addToOwner = (owner: string, taskId: string, booking: MonthBooking, before: number | undefined) => {
    const sums = new Map<string, number>([['seconds', booking.seconds]]);
    for (const { day, micros } of booking.days) {
      for (const name of ['counted', `counted${day.slice(8)}`, `aws${day.slice(8)}`]) {
        sums.set(name, (sums.get(name) ?? 0) + micros);
      }
    }
    const names = [...sums.keys()];
    const update = new UpdateCommand({
      TableName: table,
      Key: { owner, period: booking.month },
      UpdateExpression: `SET #mark = :until ADD ${names.map((_, at) => `#n${at} :v${at}`).join(', ')}`,
      ConditionExpression: before === undefined ? 'attribute_not_exists(#mark)' : '#mark = :before',
      ExpressionAttributeNames: {
        '#mark': `task-${taskId}`,
        ...Object.fromEntries(names.map((name, at) => [`#n${at}`, name])),
      },
      ExpressionAttributeValues: {
        ':until': booking.until,
        ...(before === undefined ? {} : { ':before': before }),
        ...Object.fromEntries(names.map((name, at) => [`:v${at}`, sums.get(name)])),
      },
    });
    return unlessRefused(
      client.send(update).then(() => true),
      () => false,
    );
  };

  return {
    get: async (owner, month) => monthUsageOf(month, [await read(owner, month)]),
    ofDeployment: async (month) => monthUsageOf(month, [await read(wholeDeployment, month)]),
    bookTask: async (owner, { taskId, from, until, secondUsd }) => {
      for (const part of monthsBetween(from, until)) {
        for (let tries = 0; ; tries += 1) {
          const mark = (await read(owner, part.month))[`task-${taskId}`];
          const before = typeof mark === 'number' ? mark : undefined;
          const booking = bookingOf(part, before, secondUsd);
          if (!booking || (await add(owner, taskId, booking, before))) break;
          if (tries >= maxTries)
            throw new AppError('internal', {
              retryable: true,
              detail: 'a task is booked by others all the time',
            });
        }
      }
    },
  };
}
