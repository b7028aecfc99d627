import type { DatabaseSync } from 'node:sqlite';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** The key pair that signs a pool's tokens. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** The pool's RSA key (RS256), made once and kept. */
export async function signingKey(database: DatabaseSync, poolId: string): Promise<SigningKey> {
  const row = database.prepare('SELECT jwk FROM signing_key WHERE pool = ?').get(poolId);
  const jwk: JWK = row ? JSON.parse(String(row.jwk)) : await makeKey(database, poolId);
  const { kty, n, e, kid = '' } = jwk;
  const publicJwk: JWK = { alg: 'RS256', e, kid, kty, n, use: 'sig' };
  return {
    kid,
    privateKey: (await importJWK(jwk, 'RS256')) as CryptoKey,
    publicKey: (await importJWK(publicJwk, 'RS256')) as CryptoKey,
    publicJwk,
  };
}

async function makeKey(database: DatabaseSync, poolId: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const complete = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
  database.prepare('INSERT INTO signing_key VALUES (?, ?)').run(poolId, JSON.stringify(complete));
  return complete;
}
