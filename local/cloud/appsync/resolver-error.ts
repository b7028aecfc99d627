import type { Json } from './json.ts';

/**
 * An error that a resolver raised or met. `errorType` is the name clients see, e.g. `Unauthorized` or
 * `DynamoDB:ConditionalCheckFailedException`; `data` is filtered by the selection set, `errorInfo` is not.
 */
export class ResolverError extends Error {
  readonly errorType: string | null;
  readonly data: Json;
  readonly errorInfo: Json;

  constructor(message: string, errorType: string | null = null, data: Json = null, errorInfo: Json = null) {
    super(message);
    this.name = 'ResolverError';
    this.errorType = errorType;
    this.data = data;
    this.errorInfo = errorInfo;
  }
}

/** What AppSync answers for a field that the caller may not read. */
export function unauthorizedField(typeName: string, fieldName: string): ResolverError {
  return new ResolverError(`Not Authorized to access ${fieldName} on type ${typeName}`, 'Unauthorized');
}
