import { Amplify } from 'aws-amplify';
import { signOut as amplifySignOut } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { Hub } from 'aws-amplify/utils';
import { AppError } from '../../amplify/core/error.ts';
import { Unreachable } from '../api/api-error.ts';
import { clearUserData } from './local-store.ts';
import type { AmplifyOutputs } from './outputs.ts';
import type { SessionPorts } from './session.ts';

/** The user pool's tokens, refreshed when due. `fetchAuthSession` would fetch AWS credentials too, which nobody needs here. */
const currentTokens = () => cognitoUserPoolsTokenProvider.getTokens();

/** Amplify's sign-in at this backend, as `watchSession` looks at it. */
export function amplifySession(outputs: AmplifyOutputs): SessionPorts {
  Amplify.configure(outputs);
  return {
    tokens: currentTokens,
    listen: (tell) => Hub.listen('auth', ({ payload }) => tell(payload.event)),
    events: window,
  };
}

/** The access token for the backend. Throws `unauthorized` when the session has ended, `Unreachable` without network. */
export async function accessToken(): Promise<string> {
  const tokens = await currentTokens().catch((cause) => {
    throw new Unreachable(cause);
  });
  if (!tokens) throw new AppError('unauthorized');
  return tokens.accessToken.toString();
}

/** Signs out and removes what the user kept in this browser. */
export async function signOut(): Promise<void> {
  try {
    await amplifySignOut();
  } finally {
    clearUserData(localStorage);
  }
}
