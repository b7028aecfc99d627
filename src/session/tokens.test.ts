import { describe, expect, test } from 'vitest';
import { Unreachable } from '../api/api-error.ts';
import { createTokens } from './tokens.ts';

const backend = {
  endpoint: 'https://api.example',
  clientId: 'client',
  userPoolEndpoint: 'https://idp.example',
};
const start = Date.UTC(2026, 0, 1);
const base = 'CognitoIdentityServiceProvider.client';

const jwt = (claims: object) => `h.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.s`;
const token = (fromNow: number, name: string) =>
  jwt({ sub: 'ann', name, iat: start / 1000, exp: (start + fromNow) / 1000 });

function storageWith(access: string | null) {
  const values = new Map<string, string>([['openclaw.user.ann.draft.new', '"x"']]);
  if (access) {
    values.set(`${base}.LastAuthUser`, 'ann');
    for (const [name, value] of [
      ['accessToken', access],
      ['idToken', token(0, 'id')],
      ['refreshToken', 'refresh'],
    ] as const)
      values.set(`${base}.ann.${name}`, value);
  }
  return {
    values,
    get length() {
      return values.size;
    },
    key: (index: number) => [...values.keys()][index] ?? null,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

function open(access: string | null, answer: () => Response | Promise<Response>) {
  const storage = storageWith(access);
  const asked: [string | null, unknown][] = [];
  const get = (async (_: unknown, init: RequestInit) => {
    asked.push([new Headers(init.headers).get('x-amz-target'), JSON.parse(String(init.body))]);
    return answer();
  }) as typeof fetch;
  const told: string[] = [];
  const tokens = createTokens(backend, storage, get, () => start);
  tokens.listen(() => told.push('changed'));
  return { tokens, storage, asked, told };
}

const hour = 3_600_000;
const renewed = () =>
  Response.json({
    AuthenticationResult: { AccessToken: token(hour, 'new'), IdToken: token(hour, 'new id') },
  });
const refused = () => Response.json({ __type: 'NotAuthorizedException' }, { status: 400 });

describe('the access token', () => {
  test('is taken as it is while it lasts', async () => {
    const { tokens, asked } = open(token(hour, 'old'), refused);
    expect(await tokens.accessToken()).toBe(token(hour, 'old'));
    expect(asked).toEqual([]);
  });

  test('is renewed once, however many need it, and kept', async () => {
    const { tokens, asked, storage } = open(token(30_000, 'old'), renewed);
    const [one, two] = await Promise.all([tokens.accessToken(), tokens.accessToken()]);
    expect([one, two]).toEqual([token(hour, 'new'), token(hour, 'new')]);
    expect(asked).toEqual([
      [
        'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken',
        { ClientId: 'client', RefreshToken: 'refresh' },
      ],
    ]);
    expect(storage.values.get(`${base}.ann.accessToken`)).toBe(token(hour, 'new'));
    expect(storage.values.get(`${base}.ann.refreshToken`)).toBe('refresh');
  });

  test('that Cognito does not renew ends the session, and that is told', async () => {
    const { tokens, storage, told } = open(token(-hour, 'old'), refused);
    await expect(tokens.accessToken()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(told).toEqual(['changed']);
    expect([...storage.values.keys()].filter((key) => key.startsWith(base))).toEqual([]);
  });

  test('that can’t be renewed now ends nothing', async () => {
    for (const answer of [
      () => Promise.reject(new TypeError('offline')),
      () => Response.json({ __type: 'TooManyRequestsException' }, { status: 400 }),
      () => Response.json({}, { status: 503 }),
    ]) {
      const { tokens, storage } = open(token(-hour, 'old'), answer);
      await expect(tokens.accessToken()).rejects.toThrow(Unreachable);
      expect(storage.values.has(`${base}.ann.refreshToken`)).toBe(true);
    }
  });

  test('is not there when nobody is signed in, or what is kept is no token', async () => {
    expect(await open(null, renewed).tokens.current()).toBeNull();
    expect(await open('garbage', renewed).tokens.current()).toBeNull();
  });
});

describe('signing out', () => {
  test('revokes the token and leaves nothing of the user, without network too', async () => {
    for (const answer of [() => Response.json({}), () => Promise.reject(new TypeError('offline'))]) {
      const { tokens, storage, asked, told } = open(token(hour, 'old'), answer);
      await tokens.signOut();
      expect(storage.values.size).toBe(0);
      expect(asked[0]).toEqual([
        'AWSCognitoIdentityProviderService.RevokeToken',
        { ClientId: 'client', Token: 'refresh' },
      ]);
      expect(told).toEqual(['changed']);
    }
  });

  test('is not undone by a renewal that was under way', async () => {
    const answers: ((response: Response) => void)[] = [];
    const { tokens, storage } = open(token(0, 'old'), () => new Promise((resolve) => answers.push(resolve)));
    const current = tokens.current();
    const leaving = tokens.signOut();
    answers[0]?.(renewed());
    expect(await current).toBeNull();
    answers[1]?.(Response.json({}));
    await leaving;
    expect(storage.values.size).toBe(0);
  });
});
