import type { IncomingHttpHeaders } from 'node:http';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { AwsError, type CloudContext, type Principal } from '../service.ts';
import type { Api, AuthenticationType } from './api.ts';
import { type Json, toJson } from './json.ts';

/** Who makes a request. `identity` is what resolvers see as `ctx.identity`. */
export type Caller =
  | { readonly type: 'API_KEY'; readonly identity: null; readonly expires: number }
  | {
      readonly type: 'AWS_IAM';
      readonly identity: Json;
      readonly principal: Principal;
      readonly expires: number;
    }
  | {
      readonly type: 'AMAZON_COGNITO_USER_POOLS';
      readonly identity: Json;
      readonly groups: readonly string[];
      readonly expires: number;
    };

/** What is authenticated: an HTTP request, or the headers that a web socket message carries in its place. */
export interface SignedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Authenticate = (request: SignedRequest) => Promise<Caller>;

const UNAUTHORIZED = 'UnauthorizedException';

/** As `util.authType()` names the modes. */
export const AUTH_TYPE_NAMES: Readonly<Record<AuthenticationType, string>> = {
  AMAZON_COGNITO_USER_POOLS: 'User Pool Authorization',
  AWS_IAM: 'IAM Authorization',
  API_KEY: 'API Key Authorization',
};

/**
 * Authentication as the API is configured. The mode follows from the headers: `x-api-key`, a SigV4 `authorization`
 * or a user pool's token. Rejects with an AwsError: UnauthorizedException (401), or the signature's own fault.
 * A token's validity is its signature, issuer, client and expiry; a sign-out does not end it, as in AppSync.
 */
export function createAuthentication(api: Api, context: CloudContext): Authenticate {
  const pools = api.userPools.map((pool) => {
    const issuer = `${context.endpoint}/${pool.userPoolId}`;
    return { ...pool, issuer, keys: createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)) };
  });
  return async (request) => {
    const key = request.headers['x-api-key'];
    if (typeof key === 'string') return authenticateKey(key);
    const authorization = request.headers.authorization;
    if (!authorization) throw unauthorized('Valid authorization header not provided.');
    if (authorization.startsWith('AWS4-HMAC-SHA256')) return authenticateSignature(request);
    return authenticateToken(authorization, request.headers);
  };

  function demand(type: AuthenticationType): void {
    if (!api.types.has(type)) throw unauthorized('You are not authorized to make this call.');
  }

  function authenticateKey(key: string): Caller {
    demand('API_KEY');
    const expires = api.keys.get(key);
    if (expires === undefined || expires * 1000 <= context.now().getTime()) {
      throw unauthorized('You are not authorized to make this call.');
    }
    return { type: 'API_KEY', identity: null, expires: expires * 1000 };
  }

  async function authenticateSignature(request: SignedRequest): Promise<Caller> {
    demand('AWS_IAM');
    const url = new URL(request.path, context.endpoint);
    const principal = await context.iam.authenticate(
      { method: 'POST', url, rawPath: request.path, headers: request.headers, body: request.body },
      'appsync',
    );
    const identity = {
      accountId: principal.accountId,
      cognitoIdentityPoolId: principal.cognitoIdentityPoolId ?? null,
      cognitoIdentityId: principal.cognitoIdentityId ?? null,
      cognitoIdentityAuthType: identityType(principal),
      cognitoIdentityAuthProvider: null,
      sourceIp: sourceIp(request.headers),
      username: principal.userId,
      userArn: principal.userArn,
    };
    return { type: 'AWS_IAM', identity, principal, expires: Number.POSITIVE_INFINITY };
  }

  /** Guests of an identity pool have the role that the pool gives to the unauthenticated. */
  function identityType({ cognitoIdentityId, roleArn }: Principal): string | null {
    if (cognitoIdentityId === undefined) return null;
    const attachments = context.assembly.byType('AWS::Cognito::IdentityPoolRoleAttachment');
    const isGuest = attachments.some(({ properties }) => properties.Roles?.unauthenticated === roleArn);
    return isGuest ? 'unauthenticated' : 'authenticated';
  }

  async function authenticateToken(token: string, headers: IncomingHttpHeaders): Promise<Caller> {
    demand('AMAZON_COGNITO_USER_POOLS');
    const claims = await verify(token);
    const groups = Array.isArray(claims['cognito:groups']) ? claims['cognito:groups'].map(String) : null;
    const identity = toJson({
      sub: claims.sub,
      issuer: claims.iss,
      username: claims.username ?? claims['cognito:username'] ?? null,
      claims,
      groups,
      sourceIp: sourceIp(headers),
      defaultAuthStrategy: api.defaultAction,
    });
    return {
      type: 'AMAZON_COGNITO_USER_POOLS',
      identity,
      groups: groups ?? [],
      expires: (claims.exp ?? 0) * 1000,
    };
  }

  async function verify(token: string): Promise<JWTPayload> {
    const pool = pools.find(({ issuer }) => issuer === issuerOf(token));
    if (!pool) throw unauthorized('Unable to parse JWT token.');
    let claims: JWTPayload;
    try {
      const options = { issuer: pool.issuer, algorithms: ['RS256'], currentDate: context.now() };
      ({ payload: claims } = await jwtVerify(token, pool.keys, options));
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthorized('Token has expired.');
      throw unauthorized('Valid authorization header not provided.');
    }
    const client = claims.token_use === 'id' ? claims.aud : claims.client_id;
    const known = claims.token_use === 'id' || claims.token_use === 'access';
    if (!known || typeof client !== 'string' || pool.clientIds?.test(client) === false) {
      throw unauthorized('Valid authorization header not provided.');
    }
    return claims;
  }
}

function issuerOf(token: string): unknown {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token) ?? [];
  if (!payload) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')).iss as unknown;
  } catch {
    return undefined;
  }
}

function sourceIp(headers: IncomingHttpHeaders): string[] {
  const forwarded = headers['x-forwarded-for'];
  const hops = typeof forwarded === 'string' ? forwarded.split(',').map((hop) => hop.trim()) : [];
  return [...hops, '127.0.0.1'];
}

function unauthorized(message: string): AwsError {
  return new AwsError(UNAUTHORIZED, message, 401);
}
