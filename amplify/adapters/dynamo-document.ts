import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The client that all tables share. `undefined` is left out on the way in. */
export const dynamoDocument = (client = new DynamoDBClient({})): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** A row without its nulls (resolvers may write them) and with sets as lists. */
export function plain(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(item).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, value instanceof Set ? [...value] : value]));
}

/** Which message a row of an index is about, and whose it is. */
export const ownedKey = (item: Readonly<Record<string, unknown>>) => ({
  owner: String(item.owner),
  conversationId: String(item.conversationId),
  id: String(item.id),
});

/** An `a.json()` attribute: a map where a resolver stored one, else its JSON text. */
export const json = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** Runs a conditional write; gives `otherwise` when its condition did not hold. */
export async function unlessRefused<Result, Otherwise>(
  work: Promise<Result>,
  otherwise: (refusal: ConditionalCheckFailedException) => Otherwise,
): Promise<Result | Otherwise> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return otherwise(error);
    throw error;
  }
}
