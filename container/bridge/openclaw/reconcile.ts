import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where OpenClaw 2026.9.6 keeps sessions and transcripts, relative to its state folder. */
export const agentDatabase = 'agents/main/agent/openclaw-agent.sqlite';
/** Where it keeps schedules, pairing and approvals. */
export const stateDatabase = 'state/openclaw.sqlite';

/**
 * Marks every turn that was running when the state was saved as ended, so that OpenClaw does not take it up again by
 * itself: at boot it resumes each session whose row says `running` (its "main-session restart recovery", which has
 * no switch). Whether such a turn runs again is the ledger's decision, not OpenClaw's. The transcript stays as it is:
 * a message that is sent again under its own run key continues after the user's message that is there already.
 * Runs before OpenClaw starts. Returns how many turns it ended.
 */
export function endInterruptedTurns(stateFolder: string, now: number = Date.now()): number {
  const file = join(stateFolder, agentDatabase);
  if (!existsSync(file)) return 0;
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN IMMEDIATE');
    const rows = database.prepare('SELECT session_key, entry_json FROM session_nodes').all() as {
      session_key: string;
      entry_json: string;
    }[];
    const update = database.prepare(
      "UPDATE session_nodes SET entry_json = ?, status = 'killed', updated_at = ? WHERE session_key = ?",
    );
    let ended = 0;
    for (const row of rows) {
      const entry = JSON.parse(row.entry_json) as Record<string, unknown>;
      const recovery = Object.keys(entry).filter((key) => /^(mainRestartRecovery|restartRecovery)/.test(key));
      if (entry.status !== 'running' && !recovery.length) continue;
      for (const key of [...recovery, 'activeWriterRunId', 'lifecycleRunId']) delete entry[key];
      Object.assign(entry, { status: 'killed', abortedLastRun: true, endedAt: now, updatedAt: now });
      update.run(JSON.stringify(entry), now, row.session_key);
      ended++;
    }
    database
      .prepare("UPDATE session_windows SET status = 'killed', ended_at = ? WHERE status = 'running'")
      .run(now);
    database.prepare('DELETE FROM session_pending_inputs').run();
    database.exec('COMMIT');
    return ended;
  } finally {
    database.close();
  }
}
