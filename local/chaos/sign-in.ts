import { Amplify } from 'aws-amplify';
import { confirmSignUp, signIn, signUp } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { ConsoleLogger } from 'aws-amplify/utils';
import { newId } from '../../amplify/core/message-id.ts';

/** A signed-in account. */
export interface Session {
  /** Its `sub`. */
  readonly owner: string;
  /** An access token, valid for an hour. */
  readonly token: string;
}

function memory() {
  const values = new Map<string, string>();
  return {
    setItem: async (key: string, value: string) => void values.set(key, value),
    getItem: async (key: string) => values.get(key) ?? null,
    removeItem: async (key: string) => void values.delete(key),
    clear: async () => values.clear(),
  };
}

/**
 * Gives a function that signs a new account up and in, as the web app does. The library knows one user at a time:
 * calls wait for each other, and each finds the library without a user. `codeFor` gives what was mailed to an address.
 */
export function createSignIn(
  config: Record<string, unknown>,
  codeFor: (email: string) => string | undefined,
): () => Promise<Session> {
  let last: Promise<unknown> = Promise.resolve();
  const once = async (): Promise<Session> => {
    // It warns of every endpoint that is not AWS's own.
    ConsoleLogger.LOG_LEVEL = 'ERROR';
    Amplify.configure(config);
    cognitoUserPoolsTokenProvider.setKeyValueStorage(memory());
    const username = `chaos-${newId()}@example.com`;
    const password = `Aa1!${newId()}`;
    await signUp({ username, password, options: { userAttributes: { email: username } } });
    await confirmSignUp({ username, confirmationCode: codeFor(username) ?? 'none was mailed' });
    await signIn({ username, password });
    const tokens = await cognitoUserPoolsTokenProvider.getTokens();
    const owner = tokens?.accessToken.payload.sub;
    if (!tokens || !owner) throw new Error('signed in without a token');
    return { owner, token: tokens.accessToken.toString() };
  };
  return () => {
    const next = last.then(once);
    last = next.catch(() => {});
    return next;
  };
}
