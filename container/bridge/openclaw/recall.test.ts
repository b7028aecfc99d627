import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PastTurn } from '../../../amplify/core/task-grant.ts';
import { addTurns } from './recall.ts';
import { agentDatabase } from './reconcile.ts';

let state: string;
let database: DatabaseSync;

/** The part of OpenClaw's tables that is written to, with its own constraints. */
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'recall-'));
  mkdirSync(dirname(join(state, agentDatabase)), { recursive: true });
  database = new DatabaseSync(join(state, agentDatabase));
  database.exec(`
    CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, current_session_id TEXT NOT NULL, entry_json TEXT NOT NULL,
      updated_at INTEGER NOT NULL, created_at INTEGER, created_via TEXT) STRICT;
    CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT NOT NULL, created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL, transcript_updated_at INTEGER, session_entry_provenance INTEGER, chat_type TEXT) STRICT;
    CREATE TABLE transcript_events (session_id TEXT NOT NULL REFERENCES session_windows(session_id), seq INTEGER NOT NULL,
      event_json TEXT, created_at INTEGER NOT NULL, event_zstd BLOB, PRIMARY KEY (session_id, seq)) STRICT;
    CREATE TABLE transcript_event_identities (session_id TEXT NOT NULL, event_id TEXT NOT NULL, seq INTEGER NOT NULL,
      event_type TEXT, parent_id TEXT, message_idempotency_key TEXT, created_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, event_id),
      FOREIGN KEY (session_id, seq) REFERENCES transcript_events(session_id, seq)) STRICT`);
});
afterEach(() => {
  database.close();
  rmSync(state, { recursive: true, force: true });
});

const turn = (id: string, more: Partial<PastTurn> = {}): PastTurn => ({
  ...{ conversationId: 'home', id, attempt: 1, text: `Q ${id}`, answer: `A ${id}` },
  ...{ acceptedAt: '2026-11-25T10:00:00.000Z', finishedAt: '2026-11-25T10:01:00.000Z' },
  ...more,
});
const add = (...turns: PastTurn[]) => addTurns(state, '/agent/workspace', turns);

/** What OpenClaw would read: each message with who said it, checked to follow the one before. */
function transcript(conversationId = 'home'): string[] {
  const rows = database
    .prepare(
      `SELECT e.event_json, e.event_zstd IS NOT NULL AS packed, i.parent_id, i.event_id FROM transcript_events e
       JOIN transcript_event_identities i USING (session_id, seq)
       JOIN session_nodes n ON n.current_session_id = e.session_id WHERE n.session_key = ? ORDER BY e.seq`,
    )
    .all(`agent:main:${conversationId}`) as {
    event_json: string;
    packed: number;
    parent_id: string | null;
    event_id: string;
  }[];
  let parent: string | null = null;
  return rows.flatMap(({ event_json, packed, parent_id, event_id }, index) => {
    if (index > 0) {
      expect(parent_id).toBe(parent);
      parent = event_id;
    }
    if (packed) return ['(packed)'];
    const { type, message, parentId } = JSON.parse(event_json);
    if (type !== 'message') return [];
    expect(parentId).toBe(parent_id);
    const { role, content } = message;
    return [`${role}: ${typeof content === 'string' ? content : content[0].text}`];
  });
}

/** OpenClaw ends a tool call and an answer in the same way but for the reason; `packed` as it keeps long ones. */
function say(stopReason: string, text: string, run: string, packed = false): void {
  const message = {
    role: 'assistant',
    content: [{ type: 'text', text }],
    stopReason,
    __openclaw: { runId: run },
  };
  const { session_id, seq, event_id } = database
    .prepare('SELECT session_id, seq, event_id FROM transcript_event_identities ORDER BY seq DESC LIMIT 1')
    .get() as { session_id: string; seq: number; event_id: string };
  const event = JSON.stringify({ type: 'message', id: text, parentId: event_id, message });
  database
    .prepare('INSERT INTO transcript_events VALUES (?, ?, ?, 0, ?)')
    .run(session_id, seq + 1, packed ? null : event, packed ? zstdCompressSync(event) : null);
  database
    .prepare("INSERT INTO transcript_event_identities VALUES (?, ?, ?, 'message', ?, NULL, 0)")
    .run(session_id, text, seq + 1, event_id);
}
/** Takes away what came after the question. */
const cutAfterQuestion = () =>
  database.exec(`PRAGMA foreign_keys = OFF; DELETE FROM transcript_events WHERE seq > 1;
    DELETE FROM transcript_event_identities WHERE seq > 1; PRAGMA foreign_keys = ON`);

describe('a turn', () => {
  test('that is lacking is added behind the others, in a session of its conversation', () => {
    expect(add(turn('1'), turn('x', { conversationId: 'other' }))).toBe(2);
    expect(add(turn('2'))).toBe(1);
    expect(transcript()).toEqual(['user: Q 1', 'assistant: A 1', 'user: Q 2', 'assistant: A 2']);
    expect(transcript('other')).toEqual(['user: Q x', 'assistant: A x']);
  });

  test('that is there stays as it is, whatever is asked how often', () => {
    add(turn('1'));
    expect(add(turn('1'), turn('1', { answer: 'another' }))).toBe(0);
    expect(transcript()).toEqual(['user: Q 1', 'assistant: A 1']);
  });

  test('of another attempt is another turn', () => {
    add(turn('1'));
    expect(add(turn('1', { attempt: 2 }))).toBe(1);
  });

  test('that was saved with its question only gets its answer', () => {
    add(turn('1'));
    cutAfterQuestion();
    expect(add(turn('1'))).toBe(1);
    expect(transcript()).toEqual(['user: Q 1', 'assistant: A 1']);
  });

  test('that was saved in the middle of its tools gets its answer; with its last word it is whole', () => {
    add(turn('1'));
    cutAfterQuestion();
    say('toolUse', 'I will look', '1:1');
    expect(add(turn('1'))).toBe(1);
    expect(transcript()).toEqual(['user: Q 1', 'assistant: I will look', 'assistant: A 1']);
    cutAfterQuestion();
    say('stop', 'A 1', '1:1', true);
    expect(add(turn('1'))).toBe(0);
  });
});

test('an OpenClaw that never ran has no memory to add to', () => {
  expect(addTurns(join(state, 'nothing'), '/agent/workspace', [turn('1')])).toBe(0);
});
