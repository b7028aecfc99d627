import {
  createHash,
  createHmac,
  getDiffieHellman,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/**
 * The server's side of SRP-6a as Cognito's clients speak it: SHA-256, the 3072-bit group of RFC 3526 with
 * generator 2, numbers as hexadecimal with a leading zero byte where the first bit is set.
 */
const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const g = 2n;
const k = toNumber(hash(padded(N), padded(g)));

/** What is kept of a password: it can be checked with it, not computed from it. Both hexadecimal. */
export interface PasswordVerifier {
  readonly salt: string;
  readonly verifier: string;
}

/** Whose password it is: the name enters the hash. `poolName` is the pool id's part after the underscore. */
export interface SrpIdentity {
  readonly poolName: string;
  readonly username: string;
}

/** The server's secrets between its two messages. */
export interface SrpExchange {
  readonly clientPublic: bigint;
  readonly serverPublic: bigint;
  readonly serverSecret: bigint;
}

function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function hash(...parts: readonly (Uint8Array | string)[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function derive(identity: SrpIdentity, password: string, salt: string): bigint {
  const inner = hash(`${identity.poolName}${identity.username}:${password}`);
  const x = toNumber(hash(padded(BigInt(`0x${salt}`)), inner));
  return power(g, x);
}

/** Makes the salt and verifier of a new password. */
export function createVerifier(identity: SrpIdentity, password: string): PasswordVerifier {
  const salt = toNumber(randomBytes(16)).toString(16);
  return { salt, verifier: derive(identity, password, salt).toString(16) };
}

/** Whether a password is the one that a verifier was made of; takes the same time for any. */
export function matchesVerifier(identity: SrpIdentity, password: string, kept: PasswordVerifier): boolean {
  const fixed = (value: bigint) => Buffer.from(value.toString(16).padStart(768, '0'), 'hex');
  return timingSafeEqual(fixed(derive(identity, password, kept.salt)), fixed(BigInt(`0x${kept.verifier}`)));
}

/** Answers the client's SRP_A (hexadecimal). Undefined when it is no number or one that gives the key away. */
export function beginExchange(kept: PasswordVerifier, srpA: string): SrpExchange | undefined {
  if (!/^[0-9a-fA-F]{1,1536}$/.test(srpA)) return undefined;
  const clientPublic = BigInt(`0x${srpA}`);
  if (clientPublic % N === 0n) return undefined;
  const serverSecret = toNumber(randomBytes(48));
  const serverPublic = (k * BigInt(`0x${kept.verifier}`) + power(g, serverSecret)) % N;
  return { clientPublic, serverPublic, serverSecret };
}

/** Checks the client's PASSWORD_CLAIM_SIGNATURE. */
export function provesPassword(
  identity: SrpIdentity,
  kept: PasswordVerifier,
  exchange: SrpExchange,
  claim: { readonly secretBlock: string; readonly timestamp: string; readonly signature: string },
): boolean {
  const { clientPublic, serverPublic, serverSecret } = exchange;
  const u = toNumber(hash(padded(clientPublic), padded(serverPublic)));
  if (u === 0n) return false;
  const secret = power(clientPublic * power(BigInt(`0x${kept.verifier}`), u), serverSecret);
  const key = Buffer.from(hkdfSync('sha256', padded(secret), padded(u), 'Caldera Derived Key', 16));
  const expected = createHmac('sha256', key)
    .update(identity.poolName)
    .update(identity.username)
    .update(Buffer.from(claim.secretBlock, 'base64'))
    .update(claim.timestamp)
    .digest();
  const given = Buffer.from(claim.signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
