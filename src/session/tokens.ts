import { AppError } from '../../amplify/core/error.ts';
import { Unreachable } from '../api/api-error.ts';
import { RefreshRefused, renewTokens, revokeToken } from './cognito.ts';
import { clearUserData, type KeyValues } from './local-store.ts';
import type { Backend } from './outputs.ts';
import { createTokenStore, decodeToken, type StoredTokens } from './token-store.ts';

/** The signed-in user's tokens. Signing in is Amplify UI's, which leaves them in the browser's storage. */
export interface Tokens {
  /** Renewed when due. Null when nobody is signed in. Throws when that can't be found out now. */
  current(): Promise<StoredTokens | null>;
  /** Those that are kept, whether they are due or not: they say who was signed in last. */
  kept(): StoredTokens | null;
  /** The access token for the backend. Throws `unauthorized` when the session has ended, `Unreachable` without network. */
  accessToken(): Promise<string>;
  /** Signs out here and removes what the user kept in this browser. */
  signOut(): Promise<void>;
  /** Whether the last end of a session was asked for in this page. */
  hasLeft(): boolean;
  /** Tells that somebody signed in or out in this page. Gives a way to stop. */
  listen(tell: () => void): () => void;
  /** Somebody signed in through the form. */
  changed(): void;
}

/** Renewed this long before the end, ms: a call that is under way shall still be taken. */
const margin = 60_000;

export function createTokens(
  backend: Backend,
  storage: KeyValues = localStorage,
  get: typeof fetch = (...args) => fetch(...args),
  now: () => number = Date.now,
): Tokens {
  const store = createTokenStore(storage, backend.clientId);
  const listeners = new Set<() => void>();
  let left = false;
  let renewing: Promise<StoredTokens | null> | null = null;
  const tellAll = () => {
    for (const listener of [...listeners]) listener();
  };

  const isFresh = ({ accessToken, clockDrift }: StoredTokens) =>
    Number(accessToken.payload.exp) * 1000 - margin > now() + clockDrift;

  const renew = async (tokens: StoredTokens): Promise<StoredTokens | null> => {
    try {
      if (!tokens.refreshToken) throw new RefreshRefused();
      const renewed = await renewTokens(backend, tokens.refreshToken, get);
      const accessToken = decodeToken(renewed.accessToken);
      const next = {
        ...tokens,
        accessToken,
        idToken: renewed.idToken ? decodeToken(renewed.idToken) : tokens.idToken,
        refreshToken: renewed.refreshToken ?? tokens.refreshToken,
        clockDrift: Number(accessToken.payload.iat) * 1000 - now(),
      };
      // Signed out meanwhile: it stays so.
      if (store.read()?.refreshToken !== tokens.refreshToken) return store.read();
      store.write(next);
      return next;
    } catch (error) {
      if (!(error instanceof RefreshRefused)) throw error;
      store.clear();
      tellAll();
      return null;
    } finally {
      renewing = null;
    }
  };

  const current = async () => {
    const tokens = store.read();
    if (!tokens || isFresh(tokens)) return tokens;
    renewing ??= renew(tokens);
    return renewing;
  };

  return {
    current,
    kept: store.read,
    accessToken: async () => {
      const tokens = await current().catch((cause) => {
        throw new Unreachable(cause);
      });
      if (!tokens) throw new AppError('unauthorized');
      return tokens.accessToken.raw;
    },
    signOut: async () => {
      const refreshToken = store.read()?.refreshToken;
      left = true;
      store.clear();
      clearUserData(storage);
      tellAll();
      // Without network the tokens are gone from here all the same.
      if (refreshToken) await revokeToken(backend, refreshToken, get).catch(() => {});
    },
    listen: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    hasLeft: () => left,
    changed: () => {
      left = false;
      tellAll();
    },
  };
}
