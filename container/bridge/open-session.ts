import { setTimeout as delay } from 'node:timers/promises';
import type { TaskGrant } from '../../amplify/core/task-grant.ts';
import type { Backend } from './appsync/backend.ts';
import { Refused, Unreachable } from './appsync/error.ts';
import { describeError, type Log } from './log.ts';

/** The session row may be recorded after the task started, and the app may be slow to answer: both are waited for. */
export async function openSession(
  backend: Pick<Backend, 'openSession'>,
  patience: number,
  log: Log,
): Promise<TaskGrant> {
  const deadline = Date.now() + patience;
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 5_000)) {
    try {
      return await backend.openSession();
    } catch (error) {
      const mayComeRight =
        error instanceof Unreachable || (error instanceof Refused && error.code === 'unauthorized');
      if (!mayComeRight || Date.now() + wait > deadline) throw error;
      log('warn', 'session.not_yet', { error: describeError(error) });
      await delay(wait);
    }
  }
}
