import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { applyOverrides, type Claims, claimsOf, groupClaims, type TokenOverrides } from './claims.ts';
import { notAuthorized } from './cognito-error.ts';
import type { Session } from './sessions.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

/** Why tokens are made, as triggers see it. */
export type TokenReason = 'Authentication' | 'NewPasswordChallenge' | 'RefreshTokens';

export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
}

/** Begins a session for a user who has proved who they are. */
export async function beginSession(
  pool: UserPool,
  client: ClientConfig,
  user: User,
  reason: TokenReason,
  clientMetadata?: Readonly<Record<string, string>>,
): Promise<AuthenticationResult> {
  const { session, refreshToken } = pool.sessions.begin(user, client, pool.now());
  const tokens = await makeTokens(pool, client, user, session, reason, clientMetadata);
  return { ...tokens, RefreshToken: refreshToken };
}

/** An access token and an ID token for a session. */
export async function makeTokens(
  pool: UserPool,
  client: ClientConfig,
  user: User,
  session: Session,
  reason: TokenReason,
  clientMetadata?: Readonly<Record<string, string>>,
): Promise<AuthenticationResult> {
  const groups = groupClaims(pool.config, pool.users.groups(user));
  let content = claimsOf({ issuer: pool.issuer, client, user, session, groups, now: pool.now() });
  if (pool.triggers.has('PreTokenGeneration')) {
    const version = pool.triggers.tokenEventVersion;
    const answer = await pool.triggers.call('PreTokenGeneration', {
      source: `TokenGeneration_${reason}`,
      clientId: client.id,
      user,
      status: user.status,
      request: {
        groupConfiguration: {
          groupsToOverride: groups.groups,
          iamRolesToOverride: groups.roles,
          preferredRole: groups.preferredRole ?? null,
        },
        ...(version === '2' ? { scopes: String(content.access.scope).split(' ') } : {}),
      },
      response: { [version === '2' ? 'claimsAndScopeOverrideDetails' : 'claimsOverrideDetails']: null },
      ...(clientMetadata ? { clientMetadata } : {}),
    });
    content = applyOverrides(content, answer as TokenOverrides, version);
  }
  return {
    AccessToken: await sign(pool, content.access),
    ExpiresIn: client.accessTokenSeconds,
    IdToken: await sign(pool, content.id),
    TokenType: 'Bearer',
  };
}

async function sign(pool: UserPool, claims: Claims): Promise<string> {
  return new SignJWT(claims as JWTPayload)
    .setProtectedHeader({ kid: pool.key.kid, alg: 'RS256' })
    .sign(pool.key.privateKey);
}

/** Who an access token speaks for. */
export interface SignedIn {
  readonly user: User;
  readonly client: ClientConfig;
  readonly session: Session;
}

/** Checks an access token, its session included. Throws NotAuthorizedException in Cognito's words. */
export async function signedIn(pool: UserPool, accessToken: string): Promise<SignedIn> {
  const claims = await verify(pool, accessToken);
  const client = pool.config.clients.get(String(claims.client_id));
  const session = pool.sessions.find(String(claims.origin_jti));
  if (claims.token_use !== 'access' || !client) throw notAuthorized('Invalid Access Token');
  if (!session || session.revoked) throw notAuthorized('Access Token has been revoked');
  if (!String(claims.scope).split(' ').includes('aws.cognito.signin.user.admin')) {
    throw notAuthorized('Access Token does not have required scopes');
  }
  const user = pool.users.find(session.username);
  if (!user) throw notAuthorized('Invalid Access Token');
  return { user, client, session };
}

async function verify(pool: UserPool, token: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, pool.key.publicKey, {
      algorithms: ['RS256'],
      issuer: pool.issuer,
      currentDate: new Date(pool.now() * 1000),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw notAuthorized('Access Token has expired');
    throw notAuthorized('Invalid Access Token');
  }
}
