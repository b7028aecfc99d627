import { randomUUID } from 'node:crypto';
import { ResolverError } from '../resolver-error.ts';

/** The exceptions that keep their own name; AppSync calls all others DynamoDbException. */
const NAMED = new Set([
  'ConditionalCheckFailedException',
  'ResourceNotFoundException',
  'ProvisionedThroughputExceededException',
  'ItemCollectionSizeLimitExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'IdempotentParameterMismatchException',
]);

/** The exception's name, e.g. `ConditionalCheckFailedException`, from the cloud's own error or an SDK's. */
export function errorCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const found = typeof code === 'string' ? code : typeof name === 'string' ? name : 'InternalServerError';
  return found.split('#').at(-1) ?? found;
}

/** What clients see of a failed call, in the words of the SDK that AppSync uses. */
export function asResolverError(error: unknown): ResolverError {
  if (error instanceof ResolverError) return error;
  const code = errorCode(error);
  const status = Number((error as { status?: unknown }).status ?? 400);
  const message = (error as Error).message ?? code;
  return new ResolverError(
    `${message} (Service: DynamoDb, Status Code: ${status}, Request ID: ${randomUUID()})`,
    `DynamoDB:${NAMED.has(code) ? code : 'DynamoDbException'}`,
  );
}
