import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import * as z from 'zod';
import type { ParameterStore } from '../../core/ports.ts';

/** SSM parameters below the deployment's prefix. `npm run setup` writes them. */
export const pushParameters = {
  /** SecureString, `pushAccess` as JSON: read by the function that pushes. */
  access: '/web-push/access',
  /** String, `pushProfile` as JSON: what browsers subscribe with. */
  profile: '/web-push/profile',
} as const;

/** The deployment's key as an application server (RFC 8292), and whom a push service may write to about it. */
export const pushAccess = z.object({
  privateKey: z.string().regex(/^[\w-]{43}$/),
  publicKey: z.string().regex(/^B[\w-]{86}$/),
  contact: z.url({ protocol: /^(mailto|https)$/ }),
});
export type PushAccess = z.infer<typeof pushAccess>;

export const pushProfile = pushAccess.pick({ publicKey: true });

/** Makes a key pair. Who subscribed with another one has to subscribe again. */
export function newAccess(contact: string): PushAccess {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { d = '', x = '', y = '' } = privateKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { privateKey: d, publicKey: point.toString('base64url'), contact };
}

/** What browsers subscribe with; null where Web Push is not set up. */
export async function readPublicKey(parameters: ParameterStore): Promise<string | null> {
  const profile = await parameters.get(pushParameters.profile);
  return profile === null ? null : pushProfile.parse(JSON.parse(profile)).publicKey;
}

/** A token is good for this long, seconds; RFC 8292 allows a day. */
const tokenSeconds = 12 * 60 * 60;

/** The header by which a push service knows the deployment: RFC 8292. `now`: milliseconds since 1970. */
export function authorizationFor(endpoint: string, access: PushAccess, now: number): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor(now / 1000) + tokenSeconds,
    sub: access.contact,
  };
  const unsigned = `${encoded({ typ: 'JWT', alg: 'ES256' })}.${encoded(claims)}`;
  const key = { key: privateKeyOf(access), dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', Buffer.from(unsigned), key).toString('base64url');
  return `vapid t=${unsigned}.${signature}, k=${access.publicKey}`;
}

function privateKeyOf({ privateKey, publicKey }: PushAccess) {
  const point = Buffer.from(publicKey, 'base64url');
  const coordinate = (from: number) => point.subarray(from, from + 32).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: privateKey, x: coordinate(1), y: coordinate(33) };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}
