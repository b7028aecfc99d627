import { setTimeout as delay } from 'node:timers/promises';
import type { SnapshotPointer } from '../../amplify/core/task-grant.ts';
import type { AgentReport, Backend } from './appsync/backend.ts';
import { Bounced } from './appsync/error.ts';
import { codeOfFailure } from './disk-full.ts';
import { describeError, type Log } from './log.ts';
import type { Spending } from './model/spending.ts';
import type { Supervisor } from './openclaw/supervisor.ts';
import { untilAnswered } from './retry.ts';
import type { Session } from './session.ts';
import type { SnapshotKeeper } from './snapshot/keeper.ts';
import type { TaskEnd, TaskLimits } from './task-limits.ts';

const releaseTimeout = 20_000;
const sleepSaves = [1_000, 5_000, 15_000];

/** A task that answers messages. */
export interface Serving {
  readonly session: Session;
  readonly gateway: Pick<Supervisor, 'client'>;
  readonly keeper: SnapshotKeeper;
  readonly spending: Spending | undefined;
}

interface LeavePorts {
  readonly backend: Backend;
  readonly log: Log;
  readonly limits: TaskLimits;
  /** Aborted when the task is over. */
  readonly signal: AbortSignal;
  end(how: TaskEnd): void;
}

/**
 * Saves what a task has, and takes it out of the world: to sleep when it is quiet, in a hurry when it must go. The
 * lease is given back in one update with the last snapshot, so that nothing is between them.
 */
export class Leave {
  readonly #ports: LeavePorts;
  #serving: Serving | undefined;
  /** Uploaded, but not yet named by the lease row. */
  #unrecorded: SnapshotPointer | undefined;
  #dirty = false;
  #terminating = false;

  constructor(ports: LeavePorts) {
    this.#ports = ports;
  }

  /** From now on there is something to save. */
  serve(serving: Serving): void {
    this.#serving = serving;
  }

  /** The state is no longer what was saved last. */
  changed(): void {
    this.#dirty = true;
  }

  get isTerminating(): boolean {
    return this.#terminating;
  }

  /** Saves if something has happened. What failed is tried again with the next call. */
  async saveChanges(): Promise<void> {
    const { backend, log, signal } = this.#ports;
    const serving = this.#serving;
    if (!serving || !this.#dirty || this.#terminating) return;
    this.#dirty = serving.session.busy;
    try {
      this.#unrecorded = (await serving.keeper.save()) ?? this.#unrecorded;
      const pointer = this.#unrecorded;
      if (!pointer) return;
      await untilAnswered(() => backend.saveSnapshot(pointer), signal);
      if (this.#unrecorded === pointer) this.#unrecorded = undefined;
    } catch (error) {
      if (error instanceof Bounced) serving.session.ring();
      else {
        this.#dirty = true;
        log('warn', 'snapshot.save_failed', { error: describeError(error) });
      }
    }
  }

  /**
   * To sleep, unless somebody rang meanwhile or OpenClaw is at something in the background: that is waited for.
   * `isOver`: it has been waited for long enough, and ends with the task.
   */
  async sleep(isOver: boolean): Promise<void> {
    const { log, signal, end } = this.#ports;
    if (!this.#serving) return;
    const { session, gateway } = this.#serving;
    session.pause();
    const { suspensionId, isReady } = await this.#suspend(gateway);
    try {
      if (isReady && !session.busy && !this.#terminating) {
        const error = await this.#saveBeforeSleep();
        if (await this.#release(error)) {
          end('slept');
          return;
        }
        log('info', 'sleep.bounced');
      }
    } catch (error) {
      log('warn', 'sleep.failed', { error: describeError(error) });
    }
    if (this.#terminating || signal.aborted) return;
    if (!isReady && isOver && !session.busy) {
      log('error', 'sleep.forced');
      return this.terminate({ code: 'agent.background_ended' });
    }
    try {
      await gateway.client.request('gateway.suspend.resume', { suspensionId });
    } catch (error) {
      log('warn', 'resume.failed', { error: describeError(error) });
    }
    session.resume(isReady ? undefined : 'refused');
  }

  /** Asks OpenClaw to take up nothing more. It is not ready while it is at something, or does not answer. */
  async #suspend(gateway: Serving['gateway']): Promise<{ suspensionId?: string; isReady: boolean }> {
    const { log } = this.#ports;
    try {
      const { suspensionId, status, blockers } = await gateway.client.request('gateway.suspend.prepare', {
        requestId: `sleep-${Date.now()}`,
        drain: true,
      });
      const isReady = status === 'ready';
      // By their kinds: OpenClaw's own words about them may hold commands.
      if (!isReady)
        log('info', 'sleep.refused', { status, by: blockers?.map(({ kind }: { kind: string }) => kind) });
      return { suspensionId, isReady };
    } catch (error) {
      log('warn', 'sleep.refused', { error: describeError(error) });
      return { isReady: false };
    }
  }

  /** Ends what runs, saves and leaves, within what ECS gives. `error`: what people read about it afterwards. */
  async terminate(error?: AgentReport['error']): Promise<void> {
    const { backend, log, limits, signal, end } = this.#ports;
    if (this.#terminating || signal.aborted) return;
    this.#terminating = true;
    log('info', 'task.terminating');
    try {
      if (this.#serving) {
        const { session, keeper } = this.#serving;
        session.pause();
        if (!(await session.turnsEnded(limits.drain))) {
          session.abortTurns();
          await session.turnsEnded(limits.abort);
        }
        const saved = await Promise.race([keeper.save(), delay(limits.lastSave, undefined, { ref: false })]);
        this.#unrecorded = saved ?? this.#unrecorded;
        if (!(await this.#release(error)) && this.#unrecorded) await backend.saveSnapshot(this.#unrecorded);
      }
    } catch (fault) {
      log('warn', 'task.left_early', { error: describeError(fault) });
    }
    end('terminated');
  }

  /** Gives the lease back. False when somebody rang since the last pull. */
  async #release(error?: AgentReport['error']): Promise<boolean> {
    const { backend, limits, signal } = this.#ports;
    const session = this.#serving?.session;
    // What is not told now stays counted at its worst case.
    await this.#serving?.spending?.settled(limits.settle);
    const sleepsAt = session?.quietUntil;
    try {
      await untilAnswered(
        () =>
          backend.release({
            wakeSeq: session?.wakeSeq ?? 0,
            ...(this.#unrecorded && { snapshot: this.#unrecorded }),
            ...(error && { error }),
            ...(sleepsAt && { sleepsAt }),
          }),
        AbortSignal.any([signal, AbortSignal.timeout(releaseTimeout)]),
      );
      return true;
    } catch (fault) {
      if (!(fault instanceof Bounced)) throw fault;
      return false;
    }
  }

  /** Gives what people are told when the state could not be saved. */
  async #saveBeforeSleep(): Promise<AgentReport['error']> {
    const { log } = this.#ports;
    let reason = '';
    for (const wait of [...sleepSaves, undefined]) {
      try {
        this.#unrecorded = (await this.#serving?.keeper.save()) ?? this.#unrecorded;
        return undefined;
      } catch (error) {
        reason = describeError(error);
        log('error', 'snapshot.save_failed', { error: reason });
        if (wait !== undefined) await delay(wait);
      }
    }
    return { code: codeOfFailure(reason), detail: 'the last changes could not be saved' };
  }
}
