import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens a database in a folder that only this person may read. Each statement is on disk when it returns, so
 * that a kill at any time loses nothing that was answered. `schema` must bear being run again.
 */
export function openDatabase(directory: string, file: string, schema: string): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, file);
  const database = new DatabaseSync(path);
  chmodSync(path, 0o600);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  database.exec(schema);
  return database;
}

/** Tables of the user pools. A user's record is JSON; `login` is what people type, in the form that is compared. */
export const userPoolSchema = `
  CREATE TABLE IF NOT EXISTS user (
    pool TEXT NOT NULL, username TEXT NOT NULL, login TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (pool, username), UNIQUE (pool, login)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS member (
    pool TEXT NOT NULL, username TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (pool, username, name),
    FOREIGN KEY (pool, username) REFERENCES user ON DELETE CASCADE
  ) STRICT;
  CREATE TABLE IF NOT EXISTS code (
    pool TEXT NOT NULL, username TEXT NOT NULL, purpose TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (pool, username, purpose),
    FOREIGN KEY (pool, username) REFERENCES user ON DELETE CASCADE
  ) STRICT;
  CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, pool TEXT NOT NULL, username TEXT NOT NULL, client TEXT NOT NULL,
    auth_time INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY (pool, username) REFERENCES user ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX IF NOT EXISTS session_of_user ON session (pool, username);
  CREATE TABLE IF NOT EXISTS refresh_token (
    hash TEXT PRIMARY KEY, session TEXT NOT NULL REFERENCES session ON DELETE CASCADE, replaced INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS signing_key (pool TEXT PRIMARY KEY, jwk TEXT NOT NULL) STRICT;
`;
