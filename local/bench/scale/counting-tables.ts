import { AwsFault } from '../../../amplify/adapters/aws/fault.ts';
import type { DynamoDocument } from '../../../amplify/adapters/dynamo-document.ts';
import { holds, type Item, updated } from './expression.ts';

interface TableShape {
  readonly key: readonly string[];
  /** Indexes by name: their partition and sort keys. All project everything. */
  readonly indexes?: Readonly<Record<string, readonly [string, string]>>;
  /** A row that is there from the beginning; undefined for none. */
  readonly seed?: (key: Item) => Item | undefined;
}

/** What the requests of a run have used. */
export interface Consumption {
  readonly calls: Record<string, number>;
  reads: number;
  writes: number;
  /** Write units by partition key and second of the simulated time: a partition takes 1,000 of them. */
  readonly byKey: Map<string, number>;
}

// biome-ignore lint/suspicious/noExplicitAny: commands, of which each has its own input
type Command = { readonly input: any; readonly operation: string };

/**
 * DynamoDB tables in memory behind the client that the adapters take. Counts units as DynamoDB does: writes
 * by the kilobyte and per index that the row stands in, consistent reads by four. Knows the operations that the
 * adapters use and refuses any other, a Scan among them.
 */
export function countingTables(shapes: Readonly<Record<string, TableShape>>, now: () => number) {
  const rows = new Map<string, Item>();
  const used: Consumption = { calls: {}, reads: 0, writes: 0, byKey: new Map() };
  const shapeOf = (table: string): TableShape => {
    const shape = shapes[table];
    if (!shape) throw new Error(`There is no table ${table}`);
    return shape;
  };
  const addressOf = (table: string, from: Item) =>
    [table, ...shapeOf(table).key.map((name) => from[name])].join('\n');
  const read = (table: string, key: Item): Item | undefined =>
    rows.get(addressOf(table, key)) ?? shapeOf(table).seed?.(key);
  const countRead = (item: Item | undefined) => {
    used.reads += Math.max(1, Math.ceil(bytes(item ?? {}) / 4096));
  };
  const countWrite = (table: string, before: Item | undefined, after: Item) => {
    const units = Math.max(1, Math.ceil(Math.max(bytes(before ?? {}), bytes(after)) / 1024));
    const count = (partition: string, times: number) => {
      used.writes += units * times;
      const place = `${partition} @${Math.floor(now() / 1000)}`;
      used.byKey.set(place, (used.byKey.get(place) ?? 0) + units * times);
    };
    count(`${table} ${after[shapeOf(table).key[0] ?? '']}`, 1);
    for (const [index, [partition, sort]] of Object.entries(shapeOf(table).indexes ?? {})) {
      const place = (item: Item | undefined) =>
        item?.[partition] === undefined ? undefined : `${item[partition]} ${item[sort]}`;
      const [from, to] = [place(before), place(after)];
      if (from === undefined && to === undefined) continue;
      // A changed sort key is a deletion and a new entry.
      const moves = from !== undefined && to !== undefined && from !== to ? 2 : 1;
      count(`${table}.${index} ${after[partition] ?? before?.[partition]}`, moves);
    }
  };
  const write = (table: string, after: Item, condition: string | undefined, input: Command['input']) => {
    const before = read(table, after);
    const by = { names: input.ExpressionAttributeNames, values: input.ExpressionAttributeValues };
    if (condition !== undefined && !holds(condition, before ?? {}, by)) {
      countWrite(table, before, before ?? after);
      throw new AwsFault('ConditionalCheckFailedException', 'The conditional request failed', 400);
    }
    const result = input.UpdateExpression
      ? updated(input.UpdateExpression, before ?? { ...after }, by)
      : after;
    countWrite(table, before, result);
    rows.set(addressOf(table, result), result);
    return result;
  };
  const operations: Readonly<Record<string, (input: Command['input']) => unknown>> = {
    GetItem: ({ TableName, Key }) => {
      const item = read(TableName, Key);
      countRead(item);
      return { Item: item && { ...item } };
    },
    PutItem: (input) => {
      write(input.TableName, { ...input.Item }, input.ConditionExpression, input);
      return {};
    },
    UpdateItem: (input) => ({
      Attributes: { ...write(input.TableName, input.Key, input.ConditionExpression, input) },
    }),
    BatchGetItem: ({ RequestItems }) => {
      const entries = Object.entries(RequestItems as Record<string, { Keys: Item[] }>);
      return {
        Responses: Object.fromEntries(
          entries.map(([table, { Keys }]) => {
            const items = Keys.map((key) => read(table, key));
            for (const item of items) countRead(item);
            return [table, items.filter((item) => item !== undefined)];
          }),
        ),
      };
    },
  };
  const send = async (command: Command): Promise<unknown> => {
    const { operation: name } = command;
    const operation = operations[name];
    if (!operation) throw new Error(`${name} is no operation of a message`);
    used.calls[name] = (used.calls[name] ?? 0) + 1;
    // What runs side by side gets its turn in between, as it would over a network.
    await null;
    return operation(command.input);
  };
  return { document: { send } as DynamoDocument, used, read };
}

/** A row's size as DynamoDB counts it: names and values. */
function bytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
}

function sizeOf(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (value instanceof Set) return [...value].reduce((sum: number, each) => sum + sizeOf(each) + 1, 3);
  return JSON.stringify(value).length;
}
