import { signOut as amplifySignOut } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { Hub } from 'aws-amplify/utils';
import { AppError } from '../../amplify/core/error.ts';
import { Unreachable } from '../api/api-error.ts';
import { clearUserData } from './local-store.ts';

export interface User {
  /** Cognito's `sub`: the owner of everything. */
  id: string;
  email: string | null;
}

/** `unreachable`: the tokens are due and could not be refreshed, so who is signed in is not known yet. */
export type Session =
  | { state: 'checking' | 'unreachable' | 'signed-out' }
  | { state: 'signed-in'; user: User };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const lookAgainAfter = 4000;

/** The user pool's tokens, refreshed when due. `fetchAuthSession` would fetch AWS credentials too, which nobody needs here. */
const currentTokens = () => cognitoUserPoolsTokenProvider.getTokens();

async function currentSession(): Promise<Session> {
  try {
    const tokens = await currentTokens();
    const id = text(tokens?.accessToken.payload.sub);
    if (!id) return { state: 'signed-out' };
    return { state: 'signed-in', user: { id, email: text(tokens?.idToken?.payload.email) } };
  } catch {
    return { state: 'unreachable' };
  }
}

const keyOf = (session: Session) => (session.state === 'signed-in' ? session.user.id : session.state);

/**
 * Tells who is signed in, at once and after every change, in this tab or in another one.
 * Gives a way to stop.
 */
export function watchSession(tell: (session: Session) => void): () => void {
  let stopped = false;
  let known: Session = { state: 'checking' };
  let again: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let changed = false;

  const look = async () => {
    clearTimeout(again);
    changed = false;
    looking = true;
    const session = await currentSession();
    looking = false;
    if (stopped) return;
    if (changed) return void look();
    if (session.state === 'unreachable') {
      again = setTimeout(look, lookAgainAfter);
      // Whoever was here stays: without network nothing can be read, but nothing is lost either.
      if (known.state === 'signed-in') return;
    }
    if (keyOf(session) === keyOf(known)) return;
    known = session;
    tell(session);
  };

  const lookSoon = () => {
    if (looking) changed = true;
    else void look();
  };
  const unlisten = Hub.listen('auth', ({ payload: { event } }) => {
    if (event === 'signedIn' || event === 'signedOut') lookSoon();
    // Our own look may be what failed to refresh: that must not begin another.
    if (event === 'tokenRefresh_failure' && !looking) lookSoon();
  });
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith('CognitoIdentityServiceProvider.')) lookSoon();
  };
  window.addEventListener('storage', onStorage);
  void look();

  return () => {
    stopped = true;
    clearTimeout(again);
    unlisten();
    window.removeEventListener('storage', onStorage);
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
