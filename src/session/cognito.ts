import type { Backend } from './outputs.ts';

/** A new access token and what else came with it. */
export interface Renewed {
  accessToken: string;
  idToken: string | null;
  /** Only where the pool exchanges refresh tokens. */
  refreshToken: string | null;
}

/** Cognito does not take the refresh token any more: signed out elsewhere, expired, or the account is gone. */
export class RefreshRefused extends Error {}

/** Names of what means that; anything else may pass. */
const refusals = ['NotAuthorizedException', 'UserNotFoundException', 'UserNotConfirmedException'];

type Fetch = typeof fetch;

export async function ask(backend: Backend, operation: string, body: object, get: Fetch): Promise<Response> {
  return get(backend.userPoolEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}

/** Exchanges a refresh token for a new access token. Throws `RefreshRefused`, or whatever kept it from being asked. */
export async function renewTokens(
  backend: Backend,
  refreshToken: string,
  get: Fetch = fetch,
): Promise<Renewed> {
  const asked = { ClientId: backend.clientId, RefreshToken: refreshToken };
  const response = await ask(backend, 'GetTokensFromRefreshToken', asked, get);
  const answer = (await response.json()) as {
    __type?: string;
    AuthenticationResult?: { AccessToken?: string; IdToken?: string; RefreshToken?: string };
  };
  const type = answer.__type ?? '';
  if (refusals.some((name) => type.endsWith(name))) throw new RefreshRefused(type);
  const result = answer.AuthenticationResult;
  if (!response.ok || !result?.AccessToken) throw new Error(`Cognito answered ${response.status} ${type}`);
  return {
    accessToken: result.AccessToken,
    idToken: result.IdToken ?? null,
    refreshToken: result.RefreshToken ?? null,
  };
}

/** Makes a refresh token and the access tokens from it useless. */
export async function revokeToken(backend: Backend, refreshToken: string, get: Fetch = fetch): Promise<void> {
  await ask(backend, 'RevokeToken', { ClientId: backend.clientId, Token: refreshToken }, get);
}

/** Removes the account that the access token is of. Throws when Cognito did not. */
export async function deleteAccount(
  backend: Backend,
  accessToken: string,
  get: Fetch = fetch,
): Promise<void> {
  const response = await ask(backend, 'DeleteUser', { AccessToken: accessToken }, get);
  if (!response.ok) throw new Error(`Cognito answered ${response.status}`);
}
