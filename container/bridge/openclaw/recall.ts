import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import type { PastTurn } from '../../../amplify/core/task-grant.ts';
import { turnKey } from '../turn/plan.ts';
import { sessionKeyOf } from '../turn/turn-ports.ts';
import { agentDatabase } from './reconcile.ts';

/** Of an event of a transcript (OpenClaw 2026.9.6), what counts here. */
interface TranscriptEvent {
  readonly message?: {
    readonly role?: string;
    readonly stopReason?: string;
    readonly __openclaw?: { readonly runId?: string };
  };
}

/**
 * Writes turns into OpenClaw's own transcripts that its state lacks: they were committed after it was saved. A turn that
 * was saved in its middle, with its question only, gets its answer. Turns that are there already stay as they are.
 * Runs before OpenClaw starts. Returns how many were added; none where OpenClaw has never run, for want of its tables.
 */
export function addTurns(stateFolder: string, workspace: string, turns: readonly PastTurn[]): number {
  const file = join(stateFolder, agentDatabase);
  if (!existsSync(file) || turns.length === 0) return 0;
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON');
    const transcripts = new Transcripts(database, workspace);
    const added = turns.filter((turn) => transcripts.add(turn)).length;
    database.exec('COMMIT');
    return added;
  } finally {
    database.close();
  }
}

class Transcripts {
  readonly #database: DatabaseSync;
  readonly #workspace: string;

  constructor(database: DatabaseSync, workspace: string) {
    this.#database = database;
    this.#workspace = workspace;
  }

  /** False when the turn is there already. */
  add(turn: PastTurn): boolean {
    const run = turnKey(turn);
    const question = `${run}:user`;
    const asked = this.#database
      .prepare('SELECT session_id, seq FROM transcript_event_identities WHERE message_idempotency_key = ?')
      .get(question) as { session_id: string; seq: number } | undefined;
    if (asked && this.#isAnswered(asked.session_id, asked.seq, run)) return false;
    const sessionId = asked?.session_id ?? this.#sessionOf(turn);
    const [acceptedAt, finishedAt] = [Date.parse(turn.acceptedAt), Date.parse(turn.finishedAt)];
    if (!asked) {
      const message = { role: 'user', content: turn.text, timestamp: acceptedAt, idempotencyKey: question };
      this.#append(sessionId, { type: 'message', message }, acceptedAt, question);
    }
    const message = {
      role: 'assistant',
      content: [{ type: 'text', text: turn.answer }],
      ...{ api: 'openai-completions', provider: 'byo1', model: 'recalled' },
      usage: noUsage,
      stopReason: 'stop',
      timestamp: finishedAt,
      __openclaw: { runId: run },
    };
    this.#append(sessionId, { type: 'message', message }, finishedAt);
    this.#database
      .prepare('UPDATE session_windows SET updated_at = ?, transcript_updated_at = ? WHERE session_id = ?')
      .run(finishedAt, finishedAt, sessionId);
    return true;
  }

  /** Has the run written its last word after the question? */
  #isAnswered(sessionId: string, after: number, run: string): boolean {
    const rows = this.#database
      .prepare('SELECT event_json, event_zstd FROM transcript_events WHERE session_id = ? AND seq > ?')
      .all(sessionId, after) as { event_json: string | null; event_zstd: Uint8Array | null }[];
    return rows.some(({ event_json, event_zstd }) => {
      const text = event_json ?? zstdDecompressSync(event_zstd ?? new Uint8Array()).toString();
      const { message } = JSON.parse(text) as TranscriptEvent;
      return (
        message?.role === 'assistant' &&
        message.__openclaw?.runId === run &&
        message.stopReason !== 'toolUse' &&
        message.stopReason !== undefined
      );
    });
  }

  /** The conversation's present session, made when it has none. */
  #sessionOf({ conversationId, acceptedAt }: PastTurn): string {
    const key = sessionKeyOf(conversationId);
    const node = this.#database
      .prepare('SELECT current_session_id FROM session_nodes WHERE session_key = ?')
      .get(key) as { current_session_id: string } | undefined;
    if (node) return node.current_session_id;
    const id = randomUUID();
    const at = Date.parse(acceptedAt);
    const entry = { sessionId: id, updatedAt: at, createdAt: at, createdVia: 'operator', chatType: 'direct' };
    this.#database
      .prepare(
        `INSERT INTO session_nodes (session_key, current_session_id, entry_json, updated_at, created_at, created_via)
         VALUES (?, ?, ?, ?, ?, 'operator')`,
      )
      .run(key, id, JSON.stringify({ ...entry, delivery: { kind: 'internal' } }), at, at);
    this.#database
      .prepare(
        `INSERT INTO session_windows (session_id, session_key, created_at, updated_at, session_entry_provenance, chat_type)
         VALUES (?, ?, ?, ?, 1, 'direct')`,
      )
      .run(id, key, at, at);
    this.#append(id, { type: 'session', version: 4, id, cwd: this.#workspace }, at);
    return id;
  }

  /** Adds an event after the last one. */
  #append(sessionId: string, event: Readonly<Record<string, unknown>>, at: number, key?: string): void {
    const last = this.#database
      .prepare(
        `SELECT event_id, event_type, seq FROM transcript_event_identities
         WHERE session_id = ? ORDER BY seq DESC LIMIT 1`,
      )
      .get(sessionId) as { event_id: string; event_type: string; seq: number } | undefined;
    const seq = (last?.seq ?? -1) + 1;
    const isFirst = event.type === 'session';
    const id = isFirst ? sessionId : randomUUID();
    const parentId = last && last.event_type !== 'session' ? last.event_id : null;
    const timestamp = new Date(at).toISOString();
    const whole = { ...event, id, timestamp, ...(!isFirst && { parentId }) };
    this.#database
      .prepare('INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, ?, ?, ?)')
      .run(sessionId, seq, JSON.stringify(whole), at);
    this.#database
      .prepare(
        `INSERT INTO transcript_event_identities
           (session_id, event_id, seq, event_type, parent_id, message_idempotency_key, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(sessionId, id, seq, String(event.type), parentId, key ?? null, at);
  }
}

const noUsage = {
  ...{ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};
