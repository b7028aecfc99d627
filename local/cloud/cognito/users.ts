import type { DatabaseSync } from 'node:sqlite';
import type { Attributes } from './attributes.ts';
import type { SoftwareToken } from './software-token.ts';
import type { PasswordVerifier } from './srp.ts';
import type { PoolConfig } from './user-pool-config.ts';

export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD';

/** Times are seconds since 1970. */
export interface User {
  /** Never changes; a UUID where people sign in by e-mail address. */
  readonly username: string;
  readonly status: UserStatus;
  /** Holds `sub`. */
  readonly attributes: Attributes;
  /** A new address that waits for its code. */
  readonly pendingEmail?: string;
  readonly password: PasswordVerifier;
  readonly softwareToken?: SoftwareToken;
  readonly created: number;
  readonly modified: number;
  /** Wrong passwords in a row, and until when no password is tried. */
  readonly failures: number;
  readonly lockedUntil: number;
}

/** The users of one pool and the groups they are in. */
export class Users {
  readonly #database: DatabaseSync;
  readonly #pool: PoolConfig;

  constructor(database: DatabaseSync, pool: PoolConfig) {
    this.#database = database;
    this.#pool = pool;
  }

  /** By user name or by what people type to sign in. */
  find(name: string): User | undefined {
    const row = this.#database
      .prepare(
        'SELECT record FROM user WHERE pool = ? AND (username = ? OR login = ?) ORDER BY username = ? DESC',
      )
      .get(this.#pool.id, name, this.#login(name), name);
    return row && JSON.parse(String(row.record));
  }

  count(): number {
    return Number(
      this.#database.prepare('SELECT count(*) AS count FROM user WHERE pool = ?').get(this.#pool.id)?.count,
    );
  }

  /** Whether a name is taken by another user than the one given. */
  taken(name: string, exceptUsername?: string): boolean {
    const user = this.find(name);
    return user !== undefined && user.username !== exceptUsername;
  }

  /** Adds or replaces. Throws when another user has the same login. */
  save(user: User): void {
    const login = this.#login(
      this.#pool.emailIsUsername ? (user.attributes.email ?? user.username) : user.username,
    );
    this.#database
      .prepare(
        `INSERT INTO user VALUES (?, ?, ?, ?)
         ON CONFLICT (pool, username) DO UPDATE SET login = excluded.login, record = excluded.record`,
      )
      .run(this.#pool.id, user.username, login, JSON.stringify(user));
  }

  /** Removes the user with codes, sessions and memberships. */
  remove(user: User): void {
    this.#database
      .prepare('DELETE FROM user WHERE pool = ? AND username = ?')
      .run(this.#pool.id, user.username);
  }

  /** In a fixed order, from after the user name given. */
  page(after: string, limit: number): User[] {
    return this.#database
      .prepare('SELECT record FROM user WHERE pool = ? AND username > ? ORDER BY username LIMIT ?')
      .all(this.#pool.id, after, limit)
      .map((row) => JSON.parse(String(row.record)));
  }

  /** Names of the user's groups that the template still has, the strongest (lowest precedence) first. */
  groups(user: User): string[] {
    const weight = (name: string) => this.#pool.groups.get(name)?.precedence ?? Number.POSITIVE_INFINITY;
    return this.#database
      .prepare('SELECT name FROM member WHERE pool = ? AND username = ? ORDER BY name')
      .all(this.#pool.id, user.username)
      .map(({ name }) => String(name))
      .filter((name) => this.#pool.groups.has(name))
      .sort((a, b) => (weight(a) === weight(b) ? 0 : weight(a) - weight(b)));
  }

  addToGroup(user: User, group: string): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO member VALUES (?, ?, ?)')
      .run(this.#pool.id, user.username, group);
  }

  #login(name: string): string {
    return this.#pool.caseSensitive ? name : name.toLowerCase();
  }
}
