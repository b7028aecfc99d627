import { setTimeout as delay } from 'node:timers/promises';
import type { WakePhase } from '../../amplify/core/agent.ts';
import { AppError } from '../../amplify/core/error.ts';
import type { SnapshotPointer, TaskGrant } from '../../amplify/core/task-grant.ts';
import type { AgentReport, Backend } from './appsync/backend.ts';
import { codeOfFailure } from './disk-full.ts';
import { turnFiles } from './files/turn-files.ts';
import type { WorkspaceFiles } from './files/workspace-files.ts';
import { Leave } from './leave.ts';
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
import { askWhatWasSaid, recall } from './recall.ts';
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
  /** Is what Node compiled of OpenClaw kept for the next task on this machine? Node writes it down when OpenClaw ends by itself. */
  readonly keepsCode?: boolean;
  readonly log: Log;
  /** Where the model proxy listens, unless somebody else does. */
  readonly modelPort?: number;
  readonly limits?: Partial<TaskLimits>;
}

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
  let saveTimer: NodeJS.Timeout | undefined;
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

  /** The lease is given back: what bounces from now on is our own doing. */
  let released = false;
  const fallAsleep = async () => {
    released = true;
    if (ports.keepsCode) {
      clearInterval(saveTimer);
      session?.stop();
      doorbell?.close();
      await supervisor?.stop(limits.leave).catch(() => {});
    }
    end('slept');
  };
  const leave = new Leave({
    ...{ backend, log, limits, signal: over.signal },
    end: (how) => (how === 'slept' ? void fallAsleep() : end(how)),
  });

  const life = async () => {
    const grant = await openSession(backend, limits.openSession, log, over.signal);
    log('info', 'session.opened', {
      epoch: grant.epoch,
      snapshots: grant.snapshots.length,
      hasModel: grant.model !== null,
    });
    phase('starting');
    const spending: Spending | undefined = grant.model
      ? spendingOf({ backend, log, signal: over.signal, takeWorked: () => own.takeWorked() })
      : undefined;
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
          onStuck: () => {
            log('error', 'openclaw.stuck', { messageId: message.id });
            supervisor?.restart();
          },
        }),
      onLeaseLost: (reason) => {
        if (released) return;
        log('error', 'lease.lost', { reason });
        end('leaseLost');
      },
      onQuiet: (isOver) => void leave.sleep(isOver),
      onActivity: () => leave.changed(),
    });
    session = own;
    own.start();
    doorbell = ports.openDoorbell(() => own.ring());

    const saver = snapshotKeeper({ epoch: grant.epoch, folders, worker, backend, log });
    const restored = await restore(saver, grant);
    phase('booting');
    const models = await startModelProxy({
      model: grant.model,
      spending: spending ?? null,
      log,
      ...(ports.modelPort !== undefined && { port: ports.modelPort }),
      ...(limits.modelTimeouts ? { timeouts: limits.modelTimeouts } : {}),
    });
    proxy = models;
    const supervise = () =>
      superviseGateway({
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
    supervisor = await supervise().catch(async (error: unknown) => {
      // Whether it can live with what somebody brought, OpenClaw alone knows: else the state before it is taken.
      const brought = restored?.importedAs && !over.signal.aborted ? restored : undefined;
      if (!brought) throw error;
      log('error', 'snapshot.import_refused', { error: describeError(error) });
      await restore(saver, grant, [brought]);
      return supervise();
    });
    if (over.signal.aborted) {
      supervisor.kill();
      return;
    }
    leave.serve({ session: own, gateway: supervisor, keeper: saver, spending });
    phase('ready');
    saveTimer = setInterval(() => void leave.saveChanges(), limits.saveEvery);
    if (!leave.isTerminating) own.resume();
  };

  /** Gives what was restored. */
  const restore = async (
    saver: SnapshotKeeper,
    { snapshots, epoch }: TaskGrant,
    refused?: readonly SnapshotPointer[],
  ): Promise<SnapshotPointer | undefined> => {
    // Nobody has been served before.
    if (snapshots.length === 0 && epoch === 1) return undefined;
    phase('restoring');
    const remembering = { backend, worker, folders, log, signal: over.signal };
    // Asked beside the restore, of the state that it most likely brings back.
    const expected = snapshots.find(({ pointer }) => !refused?.includes(pointer))?.pointer;
    const said = askWhatWasSaid(remembering, expected);
    const restored = await saver.restore(snapshots, refused);
    const isExpected = restored.pointer === expected;
    await recall(remembering, isExpected ? said : askWhatWasSaid(remembering, restored.pointer));
    const error = restoreFault(restored);
    if (error) void tell({ error });
    return restored.pointer;
  };

  life().catch((error: unknown) => {
    if (leave.isTerminating) end('terminated');
    else void fail(error);
  });
  return { ended: ended.promise, terminate: () => void leave.terminate() };
}
