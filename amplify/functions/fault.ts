import { AppError, type ErrorCode } from '../core/error.ts';
import type { Log } from '../core/ports.ts';

/**
 * An error as AppSync passes it on: the code is the name (errorType) and begins the message (errorMessage),
 * where core/error.ts errorCodeOf reads it. Carries no cause: it would be sent along.
 */
export function fault(code: ErrorCode, detail?: string): Error {
  const error = new Error(detail ? `${code}: ${detail}` : code);
  error.name = code;
  error.stack = undefined;
  return error;
}

/**
 * Wraps a handler: a fault of ours goes out under its code, anything else as `internal` without a word of what it was.
 * `about` names what the event is about, for the log.
 */
export const answering =
  <Input, Output>(
    log: Log,
    about: (event: Input) => Record<string, unknown>,
    work: (event: Input) => Promise<Output>,
  ) =>
  async (event: Input): Promise<Output> => {
    try {
      return await work(event);
    } catch (error) {
      if (error instanceof AppError) {
        const level = error.code === 'internal' ? 'error' : 'warn';
        const { code, retryable, resolution } = error;
        log({ level, what: 'refused', ...about(event), code, message: error.message, retryable, resolution });
        throw fault(code, error.message.slice(code.length + 2));
      }
      const { name, message, stack } =
        error instanceof Error ? error : { name: 'Error', message: String(error), stack: '' };
      log({ level: 'error', what: 'failed', ...about(event), error: name, message, stack });
      throw fault('internal');
    }
  };
