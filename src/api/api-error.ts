import { AppError, type ErrorCode, errorCodeOf } from '../../amplify/core/error.ts';

/** The backend was not reached, or could not answer: the same call may succeed later. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('The backend was not reached.', { cause });
    this.name = 'Unreachable';
  }
}

/** One entry of a GraphQL answer's `errors`. */
export interface GraphqlError {
  message?: string | null;
  errorType?: string | null;
}

/** Reads the code from an AppSync error: resolvers put it into the type, functions into the message. */
export function toAppError(error: GraphqlError): AppError {
  const { errorType, message } = error;
  const detail = message?.slice(message.indexOf(':') + 1).trim() || undefined;
  if (errorType?.startsWith('Unauthorized')) return new AppError('unauthorized', { cause: error });
  const code = [errorType, message].map(errorCodeOf).find((found) => found !== 'internal') ?? 'internal';
  return new AppError(code, { detail, cause: error });
}

/** The code that a person's text is looked up by. Null for a backend that was not reached. */
export function codeOf(error: unknown): ErrorCode | null {
  if (error instanceof Unreachable) return null;
  return error instanceof AppError ? error.code : 'internal';
}
