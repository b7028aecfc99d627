import type { Step } from './agent/script.ts';
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
  | { readonly kind: 'kill-function'; readonly name: FunctionName }
  | { readonly kind: 'spot-notice' }
  /** The task stands still while its lease runs out, and wakes up as a zombie. */
  | { readonly kind: 'freeze'; readonly wakes: number }
  | {
      readonly kind: 'no-capacity';
      readonly shape: 'none' | 'stops-at-start';
      readonly providers: readonly Provider[];
      readonly lasts: number;
    }
  /** One of the task events so far comes again. */
  | { readonly kind: 'repeat-event'; readonly which: number }
  /** Every connection of the task to the cloud breaks. */
  | { readonly kind: 'cut-sockets' }
  /** The task's calls are carried out, but for a while their answers are lost. */
  | { readonly kind: 'lose-replies'; readonly lasts: number }
  /** The next uploads of a snapshot break off. */
  | { readonly kind: 'cut-upload'; readonly times: number }
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

const functions = ['send-message', 'serve-task', 'task-changed', 'task-changed', 'retry-message'] as const;

function faultOf(random: Random): PlannedFault {
  const turn = (): When => ({
    after: random.pick(['started', 'started', 'delta', 'tool', 'finished']),
    delay: random.between(0, 600),
  });
  const wake = (): When => ({
    after: random.pick(['sent', 'waking', 'booting', 'ready']),
    delay: random.between(0, 1_200),
  });
  /** From the end of the quiet time to the end of the task. */
  const leave = (): When => ({ after: 'finished', delay: idleSeconds * 1_000 + random.between(-100, 1_500) });
  const anywhen = () => random.pick([turn, turn, turn, wake, leave])();
  switch (random.between(0, 12)) {
    case 0:
    case 1:
      return { kind: 'kill-bridge', when: anywhen() };
    case 2:
    case 3:
      return { kind: 'kill-agent', when: anywhen() };
    case 4: {
      const name = random.pick(functions);
      const when: When =
        name === 'send-message'
          ? { after: 'begin', delay: random.between(5, 250) }
          : { after: random.pick(['sent', 'waking', 'finished']), delay: random.between(0, 1_500) };
      return { kind: 'kill-function', name, when };
    }
    case 5:
      return { kind: 'spot-notice', when: anywhen() };
    case 6:
    case 7:
      return { kind: 'freeze', when: turn(), wakes: random.between(500, 3_000) };
    case 8: {
      const providers = random.pick<readonly Provider[]>([['FARGATE_SPOT'], ['FARGATE_SPOT', 'FARGATE']]);
      const shape = random.pick<'none' | 'stops-at-start'>(['none', 'stops-at-start']);
      return {
        kind: 'no-capacity',
        shape,
        providers,
        lasts: random.between(300, 1_500),
        when: { after: 'begin', delay: 0 },
      };
    }
    case 9:
      return { kind: 'repeat-event', which: random.between(0, 20), when: anywhen() };
    case 10:
      return { kind: 'cut-sockets', when: anywhen() };
    case 11:
      return { kind: 'lose-replies', lasts: random.between(50, 800), when: anywhen() };
    default:
      return {
        kind: 'cut-upload',
        times: random.between(1, 2),
        when: { after: 'started', delay: 0 },
      };
  }
}

/** What a run does: the same for the same seed. */
export function planOf(seed: number): Plan {
  const random = randomOf(seed);
  const capacity = random.chance(0.85) ? 'spot-first' : 'spot-only';
  const messages = Array.from({ length: random.between(1, 4) }, (_, n) => messageOf(random, n === 0));
  const faults = Array.from({ length: random.chance(0.1) ? 0 : random.between(1, 3) }, () => faultOf(random));
  return { seed, capacity, messages, faults };
}
