import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sessionKeyOf } from '../turn/turn-ports.ts';
import { forgetConversations } from './forget.ts';
import { agentDatabase } from './reconcile.ts';

let state: string;
const file = () => join(state, agentDatabase);

/** The part of OpenClaw's tables that tells how the others hang together. */
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'forget-'));
  mkdirSync(dirname(file()), { recursive: true });
  inDatabase((database) =>
    database.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, spawned_by TEXT, parent_session_key TEXT) STRICT;
      CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT NOT NULL
        REFERENCES session_nodes(session_key) ON DELETE CASCADE) STRICT;
      CREATE TABLE transcript_events (session_id TEXT NOT NULL REFERENCES session_windows(session_id) ON DELETE CASCADE,
        seq INTEGER NOT NULL, event_json TEXT, PRIMARY KEY (session_id, seq)) STRICT;
      CREATE TABLE session_transcript_archives (session_id TEXT NOT NULL, session_key TEXT NOT NULL, archive_blob TEXT) STRICT;
      CREATE TABLE session_transcript_fts_rows (id INTEGER PRIMARY KEY, session_id TEXT NOT NULL) STRICT;
      CREATE VIRTUAL TABLE session_transcript_fts USING fts5(text, session_id UNINDEXED)`),
  );
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

function inDatabase<Result>(work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file());
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** A session in two windows in which something was said. */
const say = (key: string, text: string, spawnedBy: string | null = null) =>
  inDatabase((database) => {
    database.prepare('INSERT INTO session_nodes VALUES (?, ?, NULL)').run(key, spawnedBy);
    for (const id of [`${key}/1`, `${key}/2`]) {
      database.prepare('INSERT INTO session_windows VALUES (?, ?)').run(id, key);
      database.prepare('INSERT INTO transcript_events VALUES (?, 0, ?)').run(id, text);
      database.prepare('INSERT INTO session_transcript_archives VALUES (?, ?, ?)').run(id, key, text);
      database.prepare('INSERT INTO session_transcript_fts_rows (session_id) VALUES (?)').run(id);
      database.prepare('INSERT INTO session_transcript_fts VALUES (?, ?)').run(text, id);
    }
  });
const tables = [
  'session_nodes',
  'session_windows',
  'transcript_events',
  'session_transcript_archives',
  'session_transcript_fts_rows',
  'session_transcript_fts',
];
const counts = () =>
  inDatabase((database) =>
    tables.map((table) => database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count),
  );

test('what was deleted is taken out of every table, with what it began, and nothing else is', () => {
  say(sessionKeyOf('kept'), 'the garden');
  say(sessionKeyOf('gone'), 'the unspeakable');
  say('agent:main:subagent:1', 'unspeakable errands', sessionKeyOf('gone'));
  expect(forgetConversations(state, ['gone', 'never-was'])).toBe(2);
  expect(counts()).toEqual([1, 2, 2, 2, 2, 2]);
  expect(
    inDatabase((database) => database.prepare('SELECT event_json FROM transcript_events').all()),
  ).toMatchObject([{ event_json: 'the garden' }, { event_json: 'the garden' }]);
});

test('no word of it is left in the file', () => {
  say(sessionKeyOf('gone'), 'unspeakable '.repeat(2_000));
  say(sessionKeyOf('kept'), 'the garden');
  forgetConversations(state, ['gone']);
  const bytes = readFileSync(file(), 'latin1');
  expect(bytes).toContain('the garden');
  expect(bytes).not.toContain('unspeakable');
});

test('where nothing is to be forgotten, or OpenClaw has never run, nothing happens', () => {
  say(sessionKeyOf('kept'), 'the garden');
  expect(forgetConversations(state, ['other'])).toBe(0);
  expect(forgetConversations(state, [])).toBe(0);
  expect(counts()).toEqual([1, 2, 2, 2, 2, 2]);
  rmSync(file());
  expect(forgetConversations(state, ['kept'])).toBe(0);
});
