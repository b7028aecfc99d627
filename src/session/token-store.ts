import type { KeyValues } from './local-store.ts';

/** A JSON Web Token with what it says. */
export interface Token {
  raw: string;
  payload: { sub?: unknown; email?: unknown; exp?: unknown; iat?: unknown };
}

export interface StoredTokens {
  username: string;
  accessToken: Token;
  idToken?: Token | undefined;
  refreshToken: string | null;
  /** How far Cognito's clock is ahead of this device's, ms. */
  clockDrift: number;
}

const prefix = 'CognitoIdentityServiceProvider';

/** Whether tokens are kept in this browser: without any, nobody is signed in. */
export const hasTokens = (storage: KeyValues): boolean => keysOf(storage, `${prefix}.`).length > 0;

/** Whether a change of this key concerns who is signed in; null is a change of everything. */
export const isTokenKey = (key: string | null): boolean => key === null || key.startsWith(`${prefix}.`);

const keysOf = (storage: KeyValues, start: string): string[] =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
    key.startsWith(start),
  );

/** Reads a token without checking its signature: that is for the backend. Throws for what is none. */
export function decodeToken(raw: string): Token {
  const part = raw.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (each) =>
    each.charCodeAt(0),
  );
  return { raw, payload: JSON.parse(new TextDecoder().decode(bytes)) as Token['payload'] };
}

/** The tokens of one app client, under the keys at which Amplify keeps them after signing in. */
export function createTokenStore(storage: KeyValues, clientId: string) {
  const base = `${prefix}.${clientId}`;
  return {
    /** Null when nobody is signed in, or what is kept is no token. */
    read(): StoredTokens | null {
      const username = storage.getItem(`${base}.LastAuthUser`);
      const value = (name: string) => storage.getItem(`${base}.${username}.${name}`);
      const access = value('accessToken');
      if (!username || !access) return null;
      try {
        const id = value('idToken');
        return {
          username,
          accessToken: decodeToken(access),
          idToken: id ? decodeToken(id) : undefined,
          refreshToken: value('refreshToken'),
          clockDrift: Number(value('clockDrift')) || 0,
        };
      } catch {
        return null;
      }
    },
    write({ username, accessToken, idToken, refreshToken, clockDrift }: StoredTokens): void {
      const set = (name: string, text: string) => storage.setItem(`${base}.${username}.${name}`, text);
      set('accessToken', accessToken.raw);
      if (idToken) set('idToken', idToken.raw);
      if (refreshToken) set('refreshToken', refreshToken);
      set('clockDrift', String(clockDrift));
    },
    clear(): void {
      for (const key of keysOf(storage, `${base}.`)) storage.removeItem(key);
    },
  };
}
