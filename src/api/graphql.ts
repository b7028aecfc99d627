import { AppError } from '../../amplify/core/error.ts';
import { type GraphqlError, toAppError, Unreachable } from './api-error.ts';

/** Where the backend is and who asks. */
export interface Connection {
  /** The AppSync GraphQL endpoint. */
  endpoint: string;
  /** The signed-in user's access token, refreshed when it is due. Throws when the session has ended. */
  token(): Promise<string>;
}

/** A function of the backend answers within 30 s or not at all. */
const answerWithin = 35_000;

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: GraphqlError[] | null;
}

async function readAnswer(response: Response): Promise<Answer> {
  if (response.status === 429 || response.status >= 500) throw new Unreachable(response.status);
  if (response.status === 401) throw new AppError('unauthorized');
  try {
    return (await response.json()) as Answer;
  } catch (cause) {
    throw new Unreachable(cause);
  }
}

/**
 * Runs one query or mutation and gives the value of its only field.
 * Throws `AppError` for what the backend refuses, `Unreachable` when it was not reached.
 */
export async function request(
  { endpoint, token }: Connection,
  field: string,
  query: string,
  variables: object,
): Promise<unknown> {
  const authorization = await token();
  let response: Response;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(answerWithin),
    });
  } catch (cause) {
    throw new Unreachable(cause);
  }
  const { data, errors } = await readAnswer(response);
  const error = errors?.[0];
  if (error) throw toAppError(error);
  return data?.[field];
}
