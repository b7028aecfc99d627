import { setTimeout as delay } from 'node:timers/promises';
import type { WakePhase } from '../../amplify/core/agent.ts';
import { AppError } from '../../amplify/core/error.ts';
import type { SnapshotPointer, TaskGrant } from '../../amplify/core/task-grant.ts';
import type { AgentReport, Backend } from './appsync/backend.ts';
import { Bounced } from './appsync/error.ts';
import { codeOfFailure } from './disk-full.ts';
import { turnFiles } from './files/turn-files.ts';
import type { WorkspaceFiles } from './files/workspace-files.ts';
import { describeError, type Log } from './log.ts';
import { Lanes } from './model/lanes.ts';
import { type ModelProxy, startModelProxy } from './model/proxy.ts';
import { type Spending, spendingOf } from './model/spending.ts';
import { otherModels, turnModel } from './model/turn-model.ts';
import { openSession } from './open-session.ts';
import { startGateway } from './openclaw/gateway.ts';
import type { Isolation } from './openclaw/isolation.ts';
import { type Supervisor, superviseGateway } from './openclaw/supervisor.ts';
import type { AgentFolders } from './openclaw/workspace.ts';
import { recall } from './recall.ts';
import { untilAnswered } from './retry.ts';
import { Session } from './session.ts';
import { restoreFault, type SnapshotKeeper, snapshotKeeper } from './snapshot/keeper.ts';
import type { Worker } from './snapshot/worker.ts';
import { defaultLimits, type TaskEnd, type TaskLimits } from './task-limits.ts';
import { maxTurns } from './turn/plan.ts';
import { Turn } from './turn/turn.ts';
import { voiceMessages } from './voice/voice-message.ts';

export interface TaskPorts {
  readonly backend: Backend;
  /** Opens the doorbell subscription; `onRing` may come at any time until it is closed. */
  openDoorbell(onRing: () => void): { close(): void };
  readonly folders: AgentFolders;
  readonly isolation: Isolation;
  readonly worker: Worker;
  readonly workspaceFiles: WorkspaceFiles;
  readonly openclawEntry: string;
  readonly log: Log;
  /** Where the model proxy listens, unless somebody else does. */
  readonly modelPort?: number;
  readonly limits?: Partial<TaskLimits>;
}

const releaseTimeout = 20_000;
const sleepSaves = [1_000, 5_000, 15_000];

/** One task's life: from its session to its release. `terminate` is what SIGTERM calls. */
export function startTask(ports: TaskPorts): { readonly ended: Promise<TaskEnd>; terminate(): void } {
  const { backend, folders, isolation, worker, workspaceFiles: workspace, log } = ports;
  const limits = { ...defaultLimits, ...ports.limits };
  const ended = Promise.withResolvers<TaskEnd>();
  const over = new AbortController();
  const lanes = new Lanes(maxTurns);
  let supervisor: Supervisor | undefined;
  let session: Session | undefined;
  let doorbell: { close(): void } | undefined;
  let proxy: ModelProxy | undefined;
  let keeper: SnapshotKeeper | undefined;
  let spending: Spending | undefined;
  let saveTimer: NodeJS.Timeout | undefined;
  /** Uploaded, but not yet named by the lease row. */
  let unrecorded: SnapshotPointer | undefined;
  let dirty = false;
  let terminating = false;
  let reports: Promise<void> = Promise.resolve();

  const end = (how: TaskEnd) => {
    if (over.signal.aborted) return;
    log(how === 'slept' || how === 'terminated' ? 'info' : 'error', 'task.ended', { how });
    over.abort();
    clearInterval(saveTimer);
    session?.stop();
    doorbell?.close();
    supervisor?.kill();
    void proxy?.close();
    ended.resolve(how);
  };

  /** Phases are for people to see: they are told in order, and nothing waits for them. */
  const tell = (report: AgentReport) => {
    reports = reports.then(async () => {
      try {
        await untilAnswered(
          () => backend.report(report),
          AbortSignal.any([over.signal, AbortSignal.timeout(30_000)]),
        );
      } catch (error) {
        log('warn', 'report.lost', { error: describeError(error) });
      }
    });
    return reports;
  };
  const phase = (name: WakePhase) => {
    log('info', 'task.phase', { phase: name });
    void tell({ phase: name });
  };
  const fail = async (error: unknown) => {
    if (over.signal.aborted) return;
    const fault =
      error instanceof AppError
        ? error
        : new AppError(codeOfFailure(describeError(error)), { detail: describeError(error), cause: error });
    log('error', 'task.failed', { error: describeError(fault) });
    await Promise.race([
      tell({ error: { code: fault.code, detail: fault.message.slice(0, 1_500) } }),
      delay(5_000),
    ]);
    end('failed');
  };

  const saveSoon = async (saver: SnapshotKeeper) => {
    if (!dirty || terminating) return;
    dirty = session?.busy ?? false;
    try {
      unrecorded = (await saver.save()) ?? unrecorded;
      if (!unrecorded) return;
      const pointer = unrecorded;
      await untilAnswered(() => backend.saveSnapshot(pointer), over.signal);
      if (unrecorded === pointer) unrecorded = undefined;
    } catch (error) {
      if (error instanceof Bounced) session?.ring();
      else {
        dirty = true;
        log('warn', 'snapshot.save_failed', { error: describeError(error) });
      }
    }
  };

  /** Gives the lease back. False when somebody rang since the last pull. */
  const release = async (error?: AgentReport['error']): Promise<boolean> => {
    // What is not told now stays counted at its worst case.
    await spending?.settled(limits.settle);
    const sleepsAt = session?.quietUntil;
    try {
      await untilAnswered(
        () =>
          backend.release({
            wakeSeq: session?.wakeSeq ?? 0,
            ...(unrecorded ? { snapshot: unrecorded } : {}),
            ...(error ? { error } : {}),
            ...(sleepsAt && { sleepsAt }),
          }),
        AbortSignal.any([over.signal, AbortSignal.timeout(releaseTimeout)]),
      );
      return true;
    } catch (fault) {
      if (!(fault instanceof Bounced)) throw fault;
      return false;
    }
  };

  const sleep = async (own: Session, saver: SnapshotKeeper, gateway: Supervisor) => {
    own.pause();
    let suspensionId: string | undefined;
    try {
      const suspension = await gateway.client.request('gateway.suspend.prepare', {
        requestId: `sleep-${Date.now()}`,
        drain: true,
      });
      suspensionId = suspension.suspensionId;
      if (suspension.status === 'ready' && !own.busy && !terminating) {
        const error = await saveBeforeSleep(saver);
        if (await release(error)) {
          end('slept');
          return;
        }
        log('info', 'sleep.bounced');
      }
    } catch (error) {
      log('warn', 'sleep.failed', { error: describeError(error) });
    }
    if (terminating || over.signal.aborted) return;
    await gateway.client.request('gateway.suspend.resume', { suspensionId }).catch((error: unknown) => {
      log('warn', 'resume.failed', { error: describeError(error) });
    });
    own.resume();
  };

  /** Gives what people are told when the state could not be saved. */
  const saveBeforeSleep = async (saver: SnapshotKeeper): Promise<AgentReport['error']> => {
    let reason = '';
    for (const wait of [...sleepSaves, undefined]) {
      try {
        unrecorded = (await saver.save()) ?? unrecorded;
        return undefined;
      } catch (error) {
        reason = describeError(error);
        log('error', 'snapshot.save_failed', { error: reason });
        if (wait !== undefined) await delay(wait);
      }
    }
    return { code: codeOfFailure(reason), detail: 'the last changes could not be saved' };
  };

  const terminate = async () => {
    if (terminating || over.signal.aborted) return;
    terminating = true;
    log('info', 'task.terminating');
    try {
      if (session && supervisor && keeper) {
        session.pause();
        if (!(await session.turnsEnded(limits.drain))) {
          session.abortTurns();
          await session.turnsEnded(limits.abort);
        }
        const saved = await Promise.race([keeper.save(), delay(limits.lastSave, undefined, { ref: false })]);
        unrecorded = saved ?? unrecorded;
        if (!(await release()) && unrecorded) await backend.saveSnapshot(unrecorded);
      }
    } catch (error) {
      log('warn', 'task.left_early', { error: describeError(error) });
    }
    end('terminated');
  };

  const life = async () => {
    const grant = await openSession(backend, limits.openSession, log, over.signal);
    log('info', 'session.opened', {
      epoch: grant.epoch,
      snapshots: grant.snapshots.length,
      hasModel: grant.model !== null,
    });
    phase('starting');
    const own = new Session({
      backend,
      log,
      idleSeconds: grant.idleSeconds,
      firstIdleSeconds: grant.firstIdleSeconds ?? undefined,
      signal: over.signal,
      makeTurn: (message, onBounce) =>
        new Turn(message, {
          gateway: (supervisor as Supervisor).client,
          backend,
          proxy: proxy as ModelProxy,
          lanes,
          files: turnFiles({ backend, workspace, root: folders.workspace, log }),
          voice: voiceMessages({ model: grant.model, spending, log, signal: over.signal }),
          log,
          epoch: grant.epoch,
          model: turnModel(grant.model, message.ownModel),
          ...(limits.retry ? { retryLimits: limits.retry } : {}),
          signal: over.signal,
          onBounce,
        }),
      onLeaseLost: (reason) => {
        log('error', 'lease.lost', { reason });
        end('leaseLost');
      },
      onQuiet: () => {
        if (supervisor && keeper) void sleep(own, keeper, supervisor);
      },
      onActivity: () => {
        dirty = true;
      },
    });
    session = own;
    own.start();
    doorbell = ports.openDoorbell(() => own.ring());

    const saver = snapshotKeeper({ epoch: grant.epoch, folders, worker, backend, log });
    await restore(saver, grant);
    phase('booting');
    spending = grant.model
      ? spendingOf({ backend, log, signal: over.signal, takeWorked: () => own.takeWorked() })
      : undefined;
    const models = await startModelProxy({
      model: grant.model,
      spending: spending ?? null,
      log,
      ...(ports.modelPort !== undefined && { port: ports.modelPort }),
      ...(limits.modelTimeouts ? { timeouts: limits.modelTimeouts } : {}),
    });
    proxy = models;
    supervisor = await superviseGateway({
      start: () =>
        startGateway({
          entry: ports.openclawEntry,
          folders,
          isolation,
          log,
          signal: over.signal,
          setup: {
            workspace: folders.workspace,
            execMode: isolation.users ? 'full' : 'ask',
            model: grant.model,
            otherModels: otherModels(grant.model),
            laneUrl: models.laneUrl,
            lanes: maxTurns,
          },
          modelKey: models.key,
        }),
      reconcile: async () => {
        await worker.run('reconcile', folders);
      },
      onLost: async () => {
        own.pause();
        await own.turnsEnded(10_000);
      },
      onBack: () => own.resume(),
      onFailed: (error) => void fail(error),
      log,
    });
    if (over.signal.aborted) {
      supervisor.kill();
      return;
    }
    keeper = saver;
    phase('ready');
    saveTimer = setInterval(() => void saveSoon(saver), limits.saveEvery);
    if (!terminating) own.resume();
  };

  const restore = async (saver: SnapshotKeeper, { snapshots, epoch }: TaskGrant) => {
    // Nobody has been served before.
    if (snapshots.length === 0 && epoch === 1) return;
    phase('restoring');
    const restored = await saver.restore(snapshots);
    await recall({ backend, worker, folders, log, signal: over.signal }, restored.pointer);
    const error = restoreFault(restored);
    if (error) void tell({ error });
  };

  life().catch((error: unknown) => {
    if (terminating) end('terminated');
    else void fail(error);
  });
  return { ended: ended.promise, terminate: () => void terminate() };
}
