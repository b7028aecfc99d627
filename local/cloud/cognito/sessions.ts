import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { notAuthorized } from './cognito-error.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

/** One sign-in, which all its tokens name as `origin_jti`. Times are seconds since 1970. */
export interface Session {
  readonly id: string;
  readonly username: string;
  readonly clientId: string;
  readonly authTime: number;
  readonly expires: number;
  readonly revoked: boolean;
}

/** The sign-ins of one pool. Refresh tokens are kept as hashes. */
export class Sessions {
  readonly #database: DatabaseSync;
  readonly #pool: string;

  constructor(database: DatabaseSync, poolId: string) {
    this.#database = database;
    this.#pool = poolId;
  }

  /** Begins a session; gives it with its first refresh token. */
  begin(user: User, client: ClientConfig, now: number): { session: Session; refreshToken: string } {
    const session: Session = {
      id: randomUUID(),
      username: user.username,
      clientId: client.id,
      authTime: now,
      expires: now + client.refreshTokenSeconds,
      revoked: false,
    };
    // A day over the end, because access tokens outlive the refresh token.
    this.#database.prepare('DELETE FROM session WHERE expires < ?').run(now - 86_400);
    this.#database
      .prepare(
        'INSERT INTO session (id, pool, username, client, auth_time, expires) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(session.id, this.#pool, session.username, client.id, session.authTime, session.expires);
    return { session, refreshToken: this.#addToken(session) };
  }

  find(id: string): Session | undefined {
    const row = this.#database.prepare('SELECT * FROM session WHERE id = ? AND pool = ?').get(id, this.#pool);
    return (
      row && {
        id,
        username: String(row.username),
        clientId: String(row.client),
        authTime: Number(row.auth_time),
        expires: Number(row.expires),
        revoked: row.revoked === 1,
      }
    );
  }

  /** The session of a refresh token, whatever its state, or undefined for an unknown token. */
  ofToken(token: string): Session | undefined {
    const row = this.#database.prepare('SELECT session FROM refresh_token WHERE hash = ?').get(hashed(token));
    return row && this.find(String(row.session));
  }

  /** The session that a refresh token may renew. Throws NotAuthorizedException in Cognito's words. */
  renewable(token: string, client: ClientConfig, now: number): Session {
    const session = this.ofToken(token);
    if (!session || session.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
    if (session.revoked) throw notAuthorized('Refresh Token has been revoked');
    if (session.expires <= now) throw notAuthorized('Refresh Token has expired');
    const row = this.#database
      .prepare('SELECT replaced FROM refresh_token WHERE hash = ?')
      .get(hashed(token));
    const replaced = row?.replaced;
    if (typeof replaced === 'number' && now > replaced + (client.rotationGraceSeconds ?? 0)) {
      throw notAuthorized('Refresh Token has been revoked');
    }
    return session;
  }

  /** Gives a session a new refresh token in place of an old one. */
  rotate(session: Session, oldToken: string, now: number): string {
    this.#database
      .prepare('UPDATE refresh_token SET replaced = coalesce(replaced, ?) WHERE hash = ?')
      .run(now, hashed(oldToken));
    return this.#addToken(session);
  }

  revoke(session: Session): void {
    this.#database.prepare('UPDATE session SET revoked = 1 WHERE id = ?').run(session.id);
  }

  revokeAll(user: User): void {
    this.#database
      .prepare('UPDATE session SET revoked = 1 WHERE pool = ? AND username = ?')
      .run(this.#pool, user.username);
  }

  #addToken(session: Session): string {
    const token = randomBytes(48).toString('base64url');
    this.#database
      .prepare('INSERT INTO refresh_token (hash, session) VALUES (?, ?)')
      .run(hashed(token), session.id);
    return token;
  }
}

function hashed(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
