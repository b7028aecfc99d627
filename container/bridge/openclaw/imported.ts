import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { agentDatabase } from './reconcile.ts';

/** The newest layout of the agent's database that OpenClaw 2026.9.6 reads (`PRAGMA user_version`). */
export const newestLayout = 23;

/** What was said and remembered. Every other table is emptied: credentials, deliveries, what waits to be run. */
const kept =
  /^(schema_meta|session_key_contract|session_nodes|session_windows|(sqlite|session_transcript|transcript|memory|standing_intents)_?.*)$/;

/** Columns of rows that stay, which say who may do what, where and by which program. */
const steering: Readonly<Record<string, readonly string[]>> = {
  session_nodes: [
    'legacy_acp_migration_json',
    'created_actor_type',
    'created_actor_id',
    'owner_actor_type',
    'owner_actor_id',
    'owner_assigned_by_type',
    'owner_assigned_by_id',
    'owner_assigned_at',
    'project_id',
    'parent_session_key',
    'spawned_by',
    'fork_source_session_key',
    'fork_source_session_id',
    'fork_source_entry_id',
  ],
  session_windows: [
    'plugin_owner_id',
    'hook_external_content_source',
    'primary_conversation_id',
    'channel',
    'account_id',
    'model_provider',
    'model',
    'agent_harness_id',
    'parent_session_key',
    'spawned_by',
  ],
};

/**
 * Leaves of a database that somebody brought what was said and remembered, and nothing that steers OpenClaw: no
 * credentials, no session's own rules about commands, programs and models. Triggers stand again afterwards as they
 * were: OpenClaw does not start with one that is not its own, nor without one that is (round-trip.slow.test.ts). Runs before OpenClaw starts. Throws when the database is of a newer OpenClaw, or none of OpenClaw's.
 */
export function keepWhatWasSaid(stateFolder: string): void {
  const database = new DatabaseSync(join(stateFolder, agentDatabase), { enableForeignKeyConstraints: false });
  try {
    // What is emptied leaves nothing in the file.
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON');
    const { user_version: layout } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (layout > newestLayout) throw new Error(`it comes from a newer OpenClaw (layout ${layout})`);
    database.exec('BEGIN IMMEDIATE');
    // They could undo what follows.
    const triggers = putAside(database);
    for (const name of namesOf(database, 'view')) database.exec(`DROP VIEW ${quoted(name)}`);
    for (const name of namesOf(database, 'table'))
      if (!kept.test(name)) database.exec(`DELETE FROM ${quoted(name)}`);
    for (const [table, columns] of Object.entries(steering)) {
      const present = columnsOf(database, table);
      for (const column of columns.filter((name) => present.includes(name)))
        database.exec(`UPDATE ${table} SET ${column} = NULL`);
    }
    if (columnsOf(database, 'session_windows').includes('acp_owned'))
      database.exec('UPDATE session_windows SET acp_owned = 0');
    reduceEntries(database);
    // `prepare` takes one statement, whatever else stands in the text.
    for (const sql of triggers) database.prepare(sql).run();
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const namesOf = (database: DatabaseSync, type: string): string[] =>
  database
    .prepare('SELECT name FROM sqlite_schema WHERE type = ?')
    .all(type)
    .map(({ name }) => String(name));

/** Drops all triggers. Gives the statements that make them. */
function putAside(database: DatabaseSync): string[] {
  const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${quoted(String(name))}`);
  return triggers.map(({ sql }) => String(sql));
}

const columnsOf = (database: DatabaseSync, table: string): string[] =>
  database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));

/** A session's entry with no more in it than a new one has (as recall.ts makes them). */
function reduceEntries(database: DatabaseSync): void {
  const rows = database
    .prepare('SELECT session_key, current_session_id, updated_at, created_at FROM session_nodes')
    .all() as {
    session_key: string;
    current_session_id: string;
    updated_at: number;
    created_at: number | null;
  }[];
  const update = database.prepare(
    "UPDATE session_nodes SET entry_json = ?, created_via = 'operator' WHERE session_key = ?",
  );
  for (const { session_key, current_session_id, updated_at, created_at } of rows) {
    const entry = {
      sessionId: current_session_id,
      updatedAt: updated_at,
      createdAt: created_at ?? updated_at,
      createdVia: 'operator',
      chatType: 'direct',
      delivery: { kind: 'internal' },
    };
    update.run(JSON.stringify(entry), session_key);
  }
  // What OpenClaw's own triggers would have noted: the entries have to be looked at again.
  if (columnsOf(database, 'session_nodes').includes('entry_valid'))
    database.exec('UPDATE session_nodes SET entry_valid = 0');
  if (columnsOf(database, 'session_canonical_validation_pending').includes('session_key'))
    database.exec(
      'INSERT INTO session_canonical_validation_pending (session_key) SELECT session_key FROM session_nodes',
    );
}
