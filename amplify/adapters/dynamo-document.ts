import type { AwsOptions } from './aws/client.ts';
import { isAwsFault } from './aws/fault.ts';
import { jsonClient } from './aws/json-client.ts';
import { type Attribute, fromAttributes, toAttributes } from './dynamo-attribute.ts';
import type { Command, Row } from './dynamo-command.ts';

/** Tables whose rows are JavaScript's own values. */
export interface DynamoDocument {
  /** Throws AwsFault. */
  send<Output>(command: Command<object, Output>): Promise<Output>;
}

/** The client that all tables share. `undefined` is left out on the way in. */
export function dynamoDocument(options?: AwsOptions): DynamoDocument {
  const call = jsonClient({ name: 'dynamodb', target: 'DynamoDB_20120810', version: '1.0' }, options);
  return {
    send: async <Output>({ operation, input }: Command<object, Output>) =>
      converted(await call(operation, converted(input, toAttributes) as object), (row) =>
        fromAttributes(row as Record<string, Attribute>),
      ) as Output,
  };
}

/** Where DynamoDB's requests and answers hold a row, and where several. */
const rowFields = new Set([
  'Key',
  'Item',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Attributes',
  'LastEvaluatedKey',
]);
const rowsFields = new Set(['Keys', 'Items']);

/** The same request or answer with its rows converted; those of `Responses` stand under their table's name. */
function converted(value: unknown, convert: (row: object) => unknown, field = ''): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (rowFields.has(field)) return convert(value);
  if (Array.isArray(value))
    return value.map((entry) => (rowsFields.has(field) ? convert(entry) : converted(entry, convert)));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      field === 'Responses'
        ? (entry as object[]).map((row) => convert(row))
        : converted(entry, convert, name),
    ]),
  );
}

/** A row without its nulls (resolvers may write them) and with sets as lists. */
export function plain(item: Readonly<Row>): Row {
  const entries = Object.entries(item).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, value instanceof Set ? [...value] : value]));
}

/** Which message a row of an index is about, and whose it is. */
export const ownedKey = (item: Readonly<Row>) => ({
  owner: String(item.owner),
  conversationId: String(item.conversationId),
  id: String(item.id),
});

/** An `a.json()` attribute: a map where a resolver stored one, else its JSON text. */
export const json = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** Runs a conditional write; gives `otherwise` when its condition did not hold. */
export async function unlessRefused<Result, Otherwise>(
  work: Promise<Result>,
  otherwise: () => Otherwise,
): Promise<Result | Otherwise> {
  try {
    return await work;
  } catch (error) {
    if (isAwsFault(error, 'ConditionalCheckFailedException')) return otherwise();
    throw error;
  }
}
