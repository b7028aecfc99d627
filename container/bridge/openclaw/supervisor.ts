import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../amplify/core/error.ts';
import { describeError, type Log } from '../log.ts';
import type { Gateway, GatewayExit } from './gateway.ts';
import type { GatewayClient } from './gateway-client.ts';

/** A process that ends closes its connection first; only after this is it taken to be alive without it. */
const exitGrace = 1_000;

export interface Supervisor {
  /** The running gateway's client. Throws while there is none. */
  readonly client: GatewayClient;
  /** Ends a gateway that does not answer; it is started like one that died. */
  restart(): void;
  /** Asks it to end, and ends it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/**
 * Keeps OpenClaw running: when it dies in mid-life, it is started once more. A second death, or a start that fails,
 * is reported through `onFailed`; a death is reported through `onLost` before the restart and `onBack` after it.
 * A start that ends by itself is tried twice: OpenClaw migrates an empty state under a lock of which it gives up after
 * a few seconds on a busy machine (`gateway.maintenance_required`, exit code 78).
 */
export async function superviseGateway(input: {
  start: () => Promise<Gateway>;
  /** Ends interrupted turns in the state of a gateway that died. */
  reconcile: () => Promise<void>;
  onLost: () => Promise<void>;
  onBack: () => void;
  onFailed: (error: AppError) => void;
  log: Log;
}): Promise<Supervisor> {
  const { log } = input;
  let stopping = false;
  let restarted = false;
  const start = async (): Promise<Gateway> => {
    try {
      return await input.start();
    } catch (error) {
      if (stopping || !(error instanceof AppError && error.retryable)) throw error;
      log('warn', 'openclaw.start_failed', { error: describeError(error) });
      await input.reconcile();
      return input.start();
    }
  };
  let gateway: Gateway | undefined = await start();

  const watch = (current: Gateway) => {
    void current.exited.then((exit) => {
      if (!stopping) void lost(exit);
    });
    // A gateway that runs on without us would run turns that nobody watches: it is ended, and started like a dead one.
    void current.client.closed.then(async (reason) => {
      await Promise.race([current.exited, delay(exitGrace, undefined, { ref: false })]);
      if (stopping || gateway !== current) return;
      log('error', 'openclaw.connection_lost', { reason });
      current.kill();
    });
  };
  const lost = async (exit: GatewayExit) => {
    gateway?.kill();
    gateway = undefined;
    const detail = `openclaw ended with ${exit.signal ?? `exit code ${exit.code}`}\n${exit.lastLines}`.slice(
      -1_500,
    );
    log('error', 'openclaw.died', { detail, restarted });
    await input.onLost();
    if (restarted || stopping) {
      input.onFailed(new AppError('agent.start_failed', { detail }));
      return;
    }
    restarted = true;
    try {
      await input.reconcile();
      gateway = await start();
      watch(gateway);
      log('info', 'openclaw.restarted');
      input.onBack();
    } catch (error) {
      input.onFailed(
        error instanceof AppError
          ? error
          : new AppError('agent.start_failed', { detail: describeError(error), cause: error }),
      );
    }
  };
  watch(gateway);

  return {
    get client() {
      if (!gateway)
        throw new AppError('agent.start_failed', {
          detail: 'openclaw is being started again',
          retryable: true,
        });
      return gateway.client;
    },
    restart: () => gateway?.kill(),
    stop: async (graceMs) => {
      stopping = true;
      await gateway?.stop(graceMs);
    },
    kill: () => {
      stopping = true;
      gateway?.kill();
    },
  };
}
