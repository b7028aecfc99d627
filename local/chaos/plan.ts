import type { Step } from './agent/script.ts';
import type { FunctionName } from './tables.ts';

/**
 * What a run waits for, as the user's pages show it. sent: the first message was accepted. waking, booting, ready:
 * steps of a wake. started, delta, tool, finished: of any message. asleep: the agent left.
 */
export const moments = [
  'sent',
  'waking',
  'booting',
  'ready',
  'started',
  'delta',
  'tool',
  'finished',
  'asleep',
] as const;
export type Moment = (typeof moments)[number];

/** So many milliseconds after a moment came for the first time. */
export interface When {
  readonly after: Moment | 'begin';
  readonly delay: number;
}

export interface PlannedMessage {
  readonly when: When;
  readonly conversation: number;
  readonly steps: readonly Step[];
  /** Sent so often at the same time, under one id. */
  readonly copies: number;
  /** Sent once more, so many milliseconds after it was accepted. */
  readonly resend?: number;
  /** Stopped, so many milliseconds after it was accepted. */
  readonly stop?: number;
  /** How far the clock is off that makes the id, milliseconds. */
  readonly skew: number;
  /** Retries when it ends as something that can be retried, so many milliseconds after each end. */
  readonly retries: readonly number[];
}

export type Provider = 'FARGATE' | 'FARGATE_SPOT';

export type PlannedFault = { readonly when: When } & (
  | { readonly kind: 'kill-bridge' }
  | { readonly kind: 'kill-agent' }
  /** As it makes its so many-th call of another service. */
  | { readonly kind: 'kill-function'; readonly name: FunctionName; readonly calls: number }
  | { readonly kind: 'spot-notice' }
  /**
   * A Spot notice to a task that has something to do, and then, after a while, a blow to the one that was started to
   * follow it. none, stops-at-start: it can't be had. kill-start: the function that starts it dies at a call.
   */
  | {
      readonly kind: 'strike-successor';
      readonly blow: 'kill-bridge' | 'spot-notice' | 'none' | 'stops-at-start' | 'kill-start';
      readonly delay: number;
      readonly calls: number;
    }
  /** The task stands still while its lease runs out, and wakes up as a zombie. */
  | { readonly kind: 'freeze'; readonly wakes: number }
  | {
      readonly kind: 'no-capacity';
      readonly shape: 'none' | 'stops-at-start';
      readonly providers: readonly Provider[];
      /** So many starts meet it. */
      readonly starts: number;
    }
  /** One of the task events so far comes again. */
  | { readonly kind: 'repeat-event'; readonly which: number }
  /** The next task events come late, and so in another order: an event's copies wait so long, one list after the other. */
  | {
      readonly kind: 'mix-events';
      readonly events: number;
      readonly waits: readonly (readonly number[])[];
    }
  /** Every connection of the task to the cloud breaks. */
  | { readonly kind: 'cut-sockets' }
  /** The task's calls are carried out, but so many of their answers are lost. */
  | { readonly kind: 'lose-replies'; readonly answers: number }
  /** The next uploads or downloads of a snapshot break off, as they begin or once storage has done its part. */
  | {
      readonly kind: 'cut-transfers';
      readonly way: 'upload' | 'download';
      readonly at: 'begin' | 'reply';
      readonly times: number;
    }
  /** Nothing more can be written where the task keeps its files. */
  | { readonly kind: 'fill-disk'; readonly lasts: number }
  /** The clocks of the tasks are off by so much from now on, milliseconds. */
  | { readonly kind: 'skew-clock'; readonly by: number }
);

export interface Plan {
  readonly seed: number;
  readonly capacity: 'spot-first' | 'spot-only';
  readonly messages: readonly PlannedMessage[];
  readonly faults: readonly PlannedFault[];
}

/** Quiet time of every run, seconds: the least that settings allow. */
export const idleSeconds = 5;
