import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS identity (id TEXT PRIMARY KEY, pool TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS login (
    pool TEXT NOT NULL, provider TEXT NOT NULL, subject TEXT NOT NULL, identity TEXT NOT NULL REFERENCES identity,
    PRIMARY KEY (pool, provider, subject)
  ) STRICT;
`;

/** Identity ids on disk: one for each person of a user pool, a new one for each guest. */
export class Identities {
  readonly #database: DatabaseSync;
  readonly #region: string;

  constructor(directory: string, region: string) {
    this.#database = openDatabase(directory, 'identities.sqlite', schema);
    this.#region = region;
  }

  /** The identity of someone who signed in; made at their first visit. */
  ofLogin(pool: string, provider: string, subject: string): string {
    const known = this.#find(pool, provider, subject);
    if (known !== undefined) return known;
    const id = this.guest(pool);
    this.#database.prepare('INSERT INTO login VALUES (?, ?, ?, ?)').run(pool, provider, subject, id);
    return id;
  }

  guest(pool: string): string {
    const id = `${this.#region}:${randomUUID()}`;
    this.#database.prepare('INSERT INTO identity VALUES (?, ?)').run(id, pool);
    return id;
  }

  /** The pool of an identity and whether it belongs to someone who signs in. */
  find(id: string): { readonly pool: string; readonly guest: boolean } | undefined {
    const row = this.#database.prepare('SELECT pool FROM identity WHERE id = ?').get(id);
    if (!row) return undefined;
    const owner = this.#database.prepare('SELECT 1 FROM login WHERE identity = ?').get(id);
    return { pool: String(row.pool), guest: owner === undefined };
  }

  close(): void {
    this.#database.close();
  }

  #find(pool: string, provider: string, subject: string): string | undefined {
    const row = this.#database
      .prepare('SELECT identity FROM login WHERE pool = ? AND provider = ? AND subject = ?')
      .get(pool, provider, subject);
    return row && String(row.identity);
  }
}
