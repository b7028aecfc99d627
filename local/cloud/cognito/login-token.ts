import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { AwsError, type CloudContext } from '../service.ts';
import type { IdentityPoolConfig, LoginProvider } from './identity-pool-config.ts';

/** Who a verified ID token says someone is. */
export interface Login {
  readonly provider: LoginProvider;
  readonly subject: string;
  readonly claims: JWTPayload;
}

const denied = (message: string) => new AwsError('NotAuthorizedException', message);

/** Verifies the `Logins` of a request: issuer, audience, expiry, signature. Undefined for a guest. */
export type VerifyLogins = (
  pool: IdentityPoolConfig,
  logins: Readonly<Record<string, string>>,
) => Promise<Login | undefined>;

/** The user pools of this cloud are the providers; their keys are read where their issuer publishes them. */
export function createLoginVerifier(context: CloudContext): VerifyLogins {
  const keys = new Map<string, JWTVerifyGetKey>();
  const keysOf = (issuer: string) => {
    const known = keys.get(issuer) ?? createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    keys.set(issuer, known);
    return known;
  };
  return async (pool, logins) => {
    const entries = Object.entries(logins);
    const [entry] = entries;
    if (!entry) return undefined;
    if (entries.length > 1) {
      throw new AwsError(
        'NotImplemented',
        "The local cloud's Cognito has no identities with several logins.",
        501,
      );
    }
    const [key, token] = entry;
    // Amplify names the login by the token's issuer, other clients by the provider's name.
    const named = pool.providers.filter(({ name, userPoolId }) =>
      [name, `${context.endpoint}/${userPoolId}`.replace(/^\w+:\/\//, '')].includes(key),
    );
    if (!named.length) throw denied('Token is not from a supported provider of this identity pool.');
    const issuer = `${context.endpoint}/${named[0]?.userPoolId}`;
    const claims = await verify(token, issuer, keysOf(issuer), context.now());
    const provider = named.find(({ clientId }) => clientId === claims.aud);
    if (claims.token_use !== 'id' || !provider)
      throw denied('Invalid login token. Incorrect token audience.');
    return { provider, subject: String(claims.sub), claims };
  };
}

async function verify(
  token: string,
  issuer: string,
  keys: JWTVerifyGetKey,
  currentDate: Date,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, { algorithms: ['RS256'], issuer, currentDate });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw denied('Invalid login token. Token expired');
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') {
      throw denied("Invalid login token. Issuer doesn't match providerName");
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw denied('Invalid login token. Token signature invalid.');
    }
    if (error instanceof errors.JOSEError)
      throw denied('Invalid login token. Not a valid OpenId Connect identity token.');
    throw error;
  }
}
