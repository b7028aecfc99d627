import { isTokenKey } from './token-store.ts';

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

interface Token {
  payload: { sub?: unknown; email?: unknown };
}

/** Where the session is looked up. */
export interface SessionPorts {
  /** Nothing when nobody is signed in. Throws when tokens are due and cannot be refreshed now. */
  tokens(): Promise<{ accessToken: Token; idToken?: Token | undefined } | null | undefined>;
  /** Tells that somebody signed in or out in this page: `signedIn`, `signedOut`, or that a renewal failed. */
  listen(tell: (event: string) => void): () => void;
  /** Where `storage` events of other tabs come from: the window. */
  events: EventTarget;
}

async function currentSession(ports: SessionPorts): Promise<Session> {
  try {
    const tokens = await ports.tokens();
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
export function watchSession(ports: SessionPorts, tell: (session: Session) => void): () => void {
  let stopped = false;
  let known: Session = { state: 'checking' };
  let again: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let changed = false;

  const look = async () => {
    clearTimeout(again);
    changed = false;
    looking = true;
    const session = await currentSession(ports);
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
  const unlisten = ports.listen((event) => {
    if (event === 'signedIn' || event === 'signedOut') lookSoon();
    // Our own look may be what failed to refresh: that must not begin another.
    if (event === 'tokenRefresh_failure' && !looking) lookSoon();
  });
  const onStorage = (event: Event) => {
    const { key } = event as StorageEvent;
    if (isTokenKey(key)) lookSoon();
  };
  ports.events.addEventListener('storage', onStorage);
  void look();

  return () => {
    stopped = true;
    clearTimeout(again);
    unlisten();
    ports.events.removeEventListener('storage', onStorage);
  };
}
