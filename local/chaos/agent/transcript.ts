import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { agentDatabase, stateDatabase } from '../../../container/bridge/openclaw/reconcile.ts';

/** A turn that stood as running when the process began. */
export interface Unfinished {
  readonly sessionKey: string;
  readonly run: string;
  readonly text: string;
}

function open(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL');
  return database;
}

/** Sessions and turns in the files and tables where OpenClaw 2026.9.6 keeps them (reconcile.ts), and one of our own. */
export class Transcript {
  readonly #database: DatabaseSync;

  constructor(stateFolder: string) {
    open(join(stateFolder, stateDatabase)).close();
    this.#database = open(join(stateFolder, agentDatabase));
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS session_nodes
        (session_key TEXT PRIMARY KEY, entry_json TEXT NOT NULL, status TEXT, updated_at INTEGER);
      CREATE TABLE IF NOT EXISTS session_windows (session_key TEXT, status TEXT, ended_at INTEGER);
      CREATE TABLE IF NOT EXISTS session_pending_inputs (session_key TEXT, input TEXT);
      CREATE TABLE IF NOT EXISTS scripted_turns (run TEXT PRIMARY KEY, session_key TEXT, text TEXT, answer TEXT);
    `);
  }

  /** Turns whose session still says `running`: OpenClaw takes them up again by itself. */
  unfinished(): Unfinished[] {
    const rows = this.#database.prepare('SELECT session_key, entry_json FROM session_nodes').all();
    return rows.flatMap(({ session_key, entry_json }) => {
      const entry = JSON.parse(String(entry_json)) as { status: string; lifecycleRunId?: string };
      if (entry.status !== 'running' || !entry.lifecycleRunId) return [];
      const turn = this.#database
        .prepare('SELECT text FROM scripted_turns WHERE run = ?')
        .get(entry.lifecycleRunId);
      return turn
        ? [{ sessionKey: String(session_key), run: entry.lifecycleRunId, text: String(turn.text) }]
        : [];
    });
  }

  begin(sessionKey: string, run: string, text: string): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO scripted_turns VALUES (?, ?, ?, NULL)')
      .run(run, sessionKey, text);
    this.#mark(sessionKey, { status: 'running', lifecycleRunId: run });
  }

  end(sessionKey: string, run: string, answer: string, status: 'done' | 'killed'): void {
    this.#database.prepare('UPDATE scripted_turns SET answer = ? WHERE run = ?').run(answer, run);
    this.#mark(sessionKey, { status });
  }

  #mark(sessionKey: string, entry: { status: string; lifecycleRunId?: string }): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO session_nodes VALUES (?, ?, ?, ?)')
      .run(sessionKey, JSON.stringify(entry), entry.status, Date.now());
  }
}
