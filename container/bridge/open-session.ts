import { setTimeout as delay } from 'node:timers/promises';
import type { TaskGrant } from '../../amplify/core/task-grant.ts';
import type { Backend } from './appsync/backend.ts';
import { Refused, Unreachable } from './appsync/error.ts';
import { describeError, type Log } from './log.ts';

interface Time {
  now(): number;
  /** Rejects when aborted. */
  pass(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const realTime: Time = {
  now: Date.now,
  pass: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

/**
 * The session row may be recorded after the task started, and the app may be slow to answer: both are waited for, as
 * long as `patience`. A successor waits for its turn as long as it is told to.
 */
export async function openSession(
  backend: Pick<Backend, 'openSession'>,
  patience: number,
  log: Log,
  signal: AbortSignal,
  time: Time = realTime,
): Promise<TaskGrant> {
  let deadline = time.now() + patience;
  let isWaiting = false;
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 5_000)) {
    try {
      const answer = await backend.openSession();
      if (!('waits' in answer)) return answer;
      if (!isWaiting) log('info', 'session.not_my_turn', {});
      isWaiting = true;
      deadline = time.now() + patience;
      wait = answer.waits;
    } catch (error) {
      const mayComeRight =
        error instanceof Unreachable || (error instanceof Refused && error.code === 'unauthorized');
      if (!mayComeRight || time.now() + wait > deadline) throw error;
      log('warn', 'session.not_yet', { error: describeError(error) });
    }
    await time.pass(wait, signal);
  }
}
