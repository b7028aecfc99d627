import type { Step } from './agent/script.ts';
import { faultOf } from './plan-faults.ts';
import { type Random, randomOf } from './random.ts';
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
/** An id from a clock that is off by more is refused (core/message-id.ts), milliseconds. */
const clockLimit = 5 * 60_000;

function stepsOf(random: Random): Step[] {
  const say = (): Step => ({ do: 'say', words: random.between(1, 12), pause: random.between(0, 60) });
  const tool = (): Step => ({ do: 'tool', takes: random.between(0, 400) });
  if (random.chance(0.5)) return random.chance(0.3) ? [say(), say()] : [say()];
  return random.chance(0.3) ? [tool(), say(), tool(), say()] : [say(), tool(), say()];
}

function messageOf(random: Random, first: boolean): PlannedMessage {
  const when = (): When => {
    if (first) return { after: 'begin', delay: 0 };
    const choice = random.between(0, 9);
    // Two at once.
    if (choice < 3) return { after: 'begin', delay: random.between(0, 20) };
    if (choice < 5) return { after: random.pick(['started', 'delta']), delay: random.between(0, 300) };
    // About when the agent leaves: the last pull, the snapshot, the release, the end of the task.
    if (choice < 9) return { after: 'finished', delay: idleSeconds * 1_000 + random.between(-300, 1_500) };
    return { after: 'asleep', delay: random.between(0, 400) };
  };
  return {
    when: when(),
    conversation: random.between(0, 1),
    steps: stepsOf(random),
    copies: random.chance(0.25) ? 2 : 1,
    ...(random.chance(0.2) ? { resend: random.between(0, 4_000) } : {}),
    ...(random.chance(0.2) ? { stop: random.between(0, 4_000) } : {}),
    skew: random.chance(0.2) ? random.pick([clockLimit - 60_000, -23 * 3_600_000, 2 * clockLimit]) : 0,
    retries: Array.from({ length: random.between(0, 2) }, () => random.pick([0, 1, 20, 300, 2_000])),
  };
}

/** What a run does: the same for the same seed. */
export function planOf(seed: number): Plan {
  const random = randomOf(seed);
  const capacity = random.chance(0.85) ? 'spot-first' : 'spot-only';
  const messages = Array.from({ length: random.between(1, 4) }, (_, n) => messageOf(random, n === 0));
  const faults = Array.from({ length: random.chance(0.1) ? 0 : random.between(1, 3) }, () => faultOf(random));
  if (!faults.some(({ kind }) => kind === 'strike-successor')) return { seed, capacity, messages, faults };
  return { seed, capacity: 'spot-first', messages: [...longWork(random), ...messages.slice(1)], faults };
}

/** Work in whose middle a notice comes, and more that is still to do when its task leaves. */
function longWork(random: Random): PlannedMessage[] {
  const [first, second] = [messageOf(random, true), messageOf(random, false)];
  const words = (): Step => ({ do: 'say', words: random.between(20, 40), pause: random.between(60, 120) });
  const tool: Step[] = random.chance(0.4) ? [{ do: 'tool', takes: 200 }] : [];
  const { stop: _never, ...message } = first;
  return [
    { ...message, skew: 0, steps: [words(), ...tool, words()] },
    { ...second, skew: 0, when: { after: 'started', delay: random.between(300, 3_000) } },
  ];
}
