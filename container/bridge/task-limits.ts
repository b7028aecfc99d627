import type { RetryLimits } from './model/failure.ts';
import type { ModelTimeouts } from './model/upstream.ts';

export interface TaskLimits {
  /** A session that is not recorded yet is asked for again this long. */
  readonly openSession: number;
  /** While something happens, the state is saved this often. */
  readonly saveEvery: number;
  /** After SIGTERM: for running turns to end by themselves, then for the aborted ones to be written down. */
  readonly drain: number;
  readonly abort: number;
  /** After SIGTERM: for the last snapshot. */
  readonly lastSave: number;
  /** Before the lease is given back: for what model calls cost to be told. */
  readonly settle: number;
  /** Asleep: for OpenClaw to end by itself, where that is of use. */
  readonly leave: number;
  readonly modelTimeouts: ModelTimeouts | undefined;
  readonly retry: RetryLimits | undefined;
}

/** Milliseconds. After SIGTERM everything together stays below 100 s: Fargate kills after 120. */
export const defaultLimits: TaskLimits = {
  openSession: 60_000,
  saveEvery: 60_000,
  drain: 20_000,
  abort: 15_000,
  lastSave: 40_000,
  settle: 5_000,
  leave: 10_000,
  modelTimeouts: undefined,
  retry: undefined,
};

/** How the task ended: the process's exit code. */
export const exitCodes = { slept: 0, terminated: 0, failed: 1, leaseLost: 3 } as const;
export type TaskEnd = keyof typeof exitCodes;
