import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionCredentials } from '../service.ts';

/** What a session token says. It is signed, so nothing needs to be kept about a session. */
export interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly cognitoIdentityId?: string;
  readonly cognitoIdentityPoolId?: string;
}

interface Claims extends Session {
  readonly accessKeyId: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Sessions of functions and tasks end with the run of the cloud that made them. */
  readonly run: string | undefined;
}

export type SessionLookup =
  | { readonly state: 'active'; readonly session: Session; readonly secretAccessKey: string }
  | { readonly state: 'expired' }
  | { readonly state: 'invalid' };

export interface Sessions {
  create(session: Session, expires: Date): SessionCredentials;
  revoke(accessKeyId: string): void;
  /** The session that these two belong to. `invalid` when the token was not made here, or was revoked. */
  find(accessKeyId: string, sessionToken: string): SessionLookup;
}

/**
 * Sessions as STS makes them. A browser's session (of an identity pool) lives on when the cloud is started again
 * with the same folder; the key that signs tokens is kept there, readable by its owner only.
 */
export function createSessions(directory: string, now: () => Date): Sessions {
  const key = readKey(directory);
  const run = randomBytes(8).toString('hex');
  const revoked = new Set<string>();
  const mac = (text: string) => createHmac('sha256', key).update(text).digest();
  const secretOf = (accessKeyId: string) => mac(`secret ${accessKeyId}`).toString('base64').slice(0, 40);
  return {
    create(session, expires) {
      const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
      const claims: Claims = {
        ...session,
        accessKeyId,
        expires: expires.getTime(),
        run: session.cognitoIdentityId === undefined ? run : undefined,
      };
      const body = Buffer.from(JSON.stringify(claims)).toString('base64');
      const sessionToken = `${body}.${mac(`token ${body}`).toString('base64')}`;
      return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken, expiration: expires };
    },
    revoke(accessKeyId) {
      revoked.add(accessKeyId);
    },
    find(accessKeyId, sessionToken) {
      const [body = '', signature = ''] = sessionToken.split('.', 2);
      const expected = mac(`token ${body}`);
      const given = Buffer.from(signature, 'base64');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { state: 'invalid' };
      const claims = JSON.parse(Buffer.from(body, 'base64').toString()) as Claims;
      if (claims.accessKeyId !== accessKeyId || revoked.has(accessKeyId)) return { state: 'invalid' };
      if (claims.run !== undefined && claims.run !== run) return { state: 'invalid' };
      if (claims.expires <= now().getTime()) return { state: 'expired' };
      return { state: 'active', session: claims, secretAccessKey: secretOf(accessKeyId) };
    },
  };
}

function readKey(directory: string): Buffer {
  const file = join(directory, 'session-key');
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, randomBytes(32), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file);
}
