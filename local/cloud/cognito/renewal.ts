import { z } from 'zod';
import { AwsError } from '../service.ts';
import { clientMetadata, notAuthorized, parse } from './cognito-error.ts';
import type { ClientOperation } from './operation.ts';
import { makeTokens } from './tokens.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';

/** New tokens for a refresh token; with rotation a new refresh token too. Throws NotAuthorizedException. */
export async function renew(
  pool: UserPool,
  client: ClientConfig,
  refreshToken: string,
  metadata?: Readonly<Record<string, string>>,
) {
  const now = pool.now();
  const session = pool.sessions.renewable(refreshToken, client, now);
  const user = pool.users.find(session.username);
  if (!user) throw notAuthorized('Invalid Refresh Token');
  const tokens = await makeTokens(pool, client, user, session, 'RefreshTokens', metadata);
  if (client.rotationGraceSeconds === undefined)
    return { ChallengeParameters: {}, AuthenticationResult: tokens };
  const RefreshToken = pool.sessions.rotate(session, refreshToken, now);
  return { ChallengeParameters: {}, AuthenticationResult: { ...tokens, RefreshToken } };
}

const renewInput = z.object({ RefreshToken: z.string().min(1), ClientMetadata: clientMetadata });

const getTokensFromRefreshToken: ClientOperation = async (pool, client, body) => {
  const { RefreshToken, ClientMetadata } = parse(renewInput, body);
  const { AuthenticationResult } = await renew(pool, client, RefreshToken, ClientMetadata);
  return { AuthenticationResult };
};

const revokeInput = z.object({ Token: z.string().min(1) });

const revokeToken: ClientOperation = (pool, client, body) => {
  const { Token } = parse(revokeInput, body);
  if (!client.revokes) {
    throw new AwsError('UnsupportedOperationException', 'Token revocation is disabled for this client');
  }
  if (Token.split('.').length === 3) {
    throw new AwsError('UnsupportedTokenTypeException', 'Unsupported token type');
  }
  const session = pool.sessions.ofToken(Token);
  if (session && session.clientId !== client.id) {
    throw new AwsError('UnauthorizedException', 'The token was not issued to this client', 401);
  }
  if (session) pool.sessions.revoke(session);
  return {};
};

export const renewalOperations: Readonly<Record<string, ClientOperation>> = {
  GetTokensFromRefreshToken: getTokensFromRefreshToken,
  RevokeToken: revokeToken,
};
