import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sessionKeyOf } from '../turn/turn-ports.ts';
import { agentDatabase } from './reconcile.ts';

/**
 * Takes conversations out of OpenClaw's memory: their sessions and those that these began, with everything that its
 * tables hold under their keys or ids (OpenClaw 2026.9.6). Its own `sessions.delete` would keep the transcripts in an
 * archive. Nothing of them is left in the file. Runs before OpenClaw starts. Returns how many sessions went.
 */
export function forgetConversations(stateFolder: string, conversationIds: readonly string[]): number {
  const file = join(stateFolder, agentDatabase);
  if (!existsSync(file) || conversationIds.length === 0) return 0;
  const database = new DatabaseSync(file);
  try {
    const isKnown = database.prepare('SELECT 1 FROM session_nodes WHERE session_key = ?');
    const known = conversationIds.map(sessionKeyOf).filter((key) => isKnown.get(key));
    if (known.length === 0) return 0;
    database.exec('PRAGMA secure_delete = ON; BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON');
    const forget = forgetter(database);
    const forgotten = known.reduce((count, key) => count + forget(key), 0);
    database.exec(`INSERT INTO ${textIndex} (${textIndex}) VALUES ('optimize')`);
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
    return forgotten;
  } finally {
    database.close();
  }
}

/** The full-text index of transcripts: deleted words stay in its segments until they are merged. */
const textIndex = 'session_transcript_fts';

/** Forgets a session and what it began. */
function forgetter(database: DatabaseSync): (key: string) => number {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => String(name));
  const having = (column: string) =>
    tables.filter((table) =>
      database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column),
    );
  const removing = (column: string) =>
    having(column).map((table) => database.prepare(`DELETE FROM "${table}" WHERE ${column} = ?`));
  const [byId, byKey] = [removing('session_id'), removing('session_key')];
  const begun = database.prepare(
    'SELECT session_key FROM session_nodes WHERE spawned_by = ? OR parent_session_key = ?',
  );
  const windows = database.prepare('SELECT session_id FROM session_windows WHERE session_key = ?');
  const forget = (key: string): number => {
    const children = begun.all(key, key).map(({ session_key }) => String(session_key));
    for (const { session_id } of windows.all(key)) for (const each of byId) each.run(session_id ?? null);
    for (const each of byKey) each.run(key);
    return 1 + children.filter((child) => child !== key).reduce((count, child) => count + forget(child), 0);
  };
  return forget;
}
