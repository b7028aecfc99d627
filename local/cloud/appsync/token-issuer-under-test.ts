import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { AwsService } from '../service.ts';

/** For tests: a user pool that only signs tokens and serves its keys. */
export interface TokenIssuer {
  readonly service: AwsService;
  /** An access token of `sub`. `claims` adds and overrides; `exp` in epoch seconds. */
  token(sub: string, claims?: Record<string, unknown>): Promise<string>;
}

export async function createTokenIssuer(
  endpoint: string,
  poolId: string,
  clientId: string,
): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key: JWK = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  return {
    service: {
      name: 'token-issuer',
      accepts: ({ url }) => url.pathname === `/${poolId}/.well-known/jwks.json`,
      handle: async () => ({ status: 200, body: JSON.stringify({ keys: [key] }) }),
      close: async () => {},
    },
    async token(sub, claims = {}) {
      const exp = Math.floor(Date.now() / 1000) + 3600;
      const payload = { sub, token_use: 'access', client_id: clientId, username: sub, exp, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
        .setIssuer(String(claims.iss ?? `${endpoint}/${poolId}`))
        .setIssuedAt()
        .sign(privateKey);
    },
  };
}
