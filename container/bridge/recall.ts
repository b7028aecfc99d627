import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PastTurn, SnapshotPointer } from '../../amplify/core/task-grant.ts';
import type { Backend } from './appsync/backend.ts';
import { describeError, type Log } from './log.ts';
import type { AgentFolders } from './openclaw/workspace.ts';
import { untilAnswered } from './retry.ts';
import type { Worker } from './snapshot/worker.ts';

/** A snapshot was begun, and its time comes of another clock, at most so long before it was saved, milliseconds. */
const margin = 15 * 60_000;

interface RecallPorts {
  readonly backend: Pick<Backend, 'recall' | 'deletedConversations'>;
  readonly worker: Worker;
  readonly folders: AgentFolders;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Turns that a state may lack, and conversations that it may still have. */
export type Recollection = Promise<readonly [readonly PastTurn[], readonly string[]]>;

/** Asks the app what a state of that time may not know. The answer can be waited for later, or never. */
export function askWhatWasSaid(
  { backend, signal }: Pick<RecallPorts, 'backend' | 'signal'>,
  state: SnapshotPointer | undefined,
): Recollection {
  // What somebody brought may be of any time, and of other conversations.
  const savedAt = state?.importedAs ? undefined : state?.savedAt;
  const since = savedAt && new Date(Date.parse(savedAt) - margin).toISOString();
  const answer = Promise.all([
    untilAnswered(() => backend.recall(since), signal),
    untilAnswered(() => backend.deletedConversations(), signal),
  ]);
  answer.catch(() => {});
  return answer;
}

/**
 * Adds to OpenClaw's memory what was said after its state was saved: a task that is lost without a word takes its last
 * minute with it, and what was committed in it is known. Takes out of it the conversations that were deleted, also
 * those of an older state that was taken up again. Without it the agent still answers, so a failure is only told.
 */
export async function recall(ports: RecallPorts, said: Recollection): Promise<void> {
  const { worker, folders, log } = ports;
  const file = join(folders.bridge, 'turns.json');
  try {
    const [turns, deleted] = await said;
    if (turns.length === 0 && deleted.length === 0) return;
    writeFileSync(file, JSON.stringify({ turns, deleted }), { mode: 0o600 });
    const { added, forgotten } = await worker.run('recall', folders, { inputFile: file });
    log('info', 'turns.recalled', { found: turns.length, added, forgotten });
  } catch (error) {
    log('error', 'turns.not_recalled', { error: describeError(error) });
  } finally {
    rmSync(file, { force: true });
  }
}
