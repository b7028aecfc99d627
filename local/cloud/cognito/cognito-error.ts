import { z } from 'zod';
import { AwsError } from '../service.ts';

/** Errors of the user pool API, with Cognito's own names and texts. */
export const notAuthorized = (message: string) => new AwsError('NotAuthorizedException', message);
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);
export const userNotFound = (message = 'User does not exist.') =>
  new AwsError('UserNotFoundException', message);
export const limitExceeded = () =>
  new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
export const codeMismatch = () =>
  new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');
export const codeExpired = () =>
  new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
/** What a person sees for a wrong password and, where existence is hidden, for a wrong name. */
export const wrongPassword = () => notAuthorized('Incorrect username or password.');

/** Metadata that a client passes to triggers. */
export const clientMetadata = z.record(z.string(), z.string()).optional();

export const attributeList = z.array(
  z.object({ Name: z.string().min(1).max(32), Value: z.string().max(2048) }),
);

/** Reads a request's body. Throws InvalidParameterException naming what is wrong, never a value of it. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const name = path.join('.') || 'request';
    return `Value at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: ${message}`;
  });
  const noun = faults.length === 1 ? 'validation error' : 'validation errors';
  throw invalidParameter(`${faults.length} ${noun} detected: ${faults.join('; ')}`);
}
