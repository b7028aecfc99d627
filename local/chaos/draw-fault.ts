import { idleSeconds, type PlannedFault, type Provider, type When } from './plan.ts';
import type { Random } from './random.ts';

const turn = (random: Random): When => ({
  after: random.pick(['started', 'started', 'delta', 'tool', 'finished']),
  delay: random.between(0, 600),
});
const wake = (random: Random): When => ({
  after: random.pick(['sent', 'waking', 'booting', 'ready']),
  delay: random.between(0, 1_200),
});
/** From the end of the quiet time to the end of the task. */
const leave = (random: Random): When => ({
  after: 'finished',
  delay: idleSeconds * 1_000 + random.between(-100, 1_500),
});
const anywhen = (random: Random): When => random.pick([turn, turn, turn, wake, leave])(random);
const begin: When = { after: 'begin', delay: 0 };
const oneOf = <T>(random: Random, ...values: [T, ...T[]]): T => random.pick(values);

/** Waits of the copies of one event: mostly one copy, sometimes a second one much later. */
const waits = (random: Random): number[] => [
  random.between(0, 2_000),
  ...(random.chance(0.3) ? [random.between(0, 8_000)] : []),
];

const functions = [
  'send-message',
  'serve-task',
  'task-changed',
  'task-changed',
  'retry-message',
  'sweep-idle',
] as const;

const minute = 60_000;

/** How one fault of each kind is drawn, as often as it stands here. */
const makers: readonly [(random: Random) => PlannedFault, ...((random: Random) => PlannedFault)[]] = [
  (random) => ({ kind: 'kill-bridge', when: anywhen(random) }),
  (random) => ({ kind: 'kill-bridge', when: anywhen(random) }),
  (random) => ({ kind: 'kill-agent', when: anywhen(random) }),
  (random) => ({ kind: 'kill-agent', when: anywhen(random) }),
  (random) => {
    const name = random.pick(functions);
    const later: When = {
      after: random.pick(['sent', 'waking', 'finished']),
      delay: random.between(0, 1_500),
    };
    return {
      ...{ kind: 'kill-function', name, calls: random.between(1, 10) },
      when: name === 'send-message' || name === 'serve-task' ? begin : later,
    };
  },
  (random) => ({ kind: 'spot-notice', when: anywhen(random) }),
  (random) => ({
    kind: 'strike-successor',
    blow: oneOf(random, 'kill-bridge', 'kill-bridge', 'spot-notice', 'none', 'stops-at-start', 'kill-start'),
    delay: random.between(0, 2_500),
    calls: random.between(1, 14),
    when: { after: oneOf(random, 'started', 'delta'), delay: random.between(0, 600) },
  }),
  (random) => ({ kind: 'freeze', when: turn(random), wakes: random.between(500, 3_000) }),
  (random) => ({ kind: 'freeze', when: turn(random), wakes: random.between(500, 3_000) }),
  (random) => ({
    kind: 'no-capacity',
    shape: oneOf(random, 'none', 'stops-at-start'),
    providers: random.pick<readonly Provider[]>([['FARGATE_SPOT'], ['FARGATE_SPOT', 'FARGATE']]),
    starts: random.between(1, 3),
    when: random.chance(0.6) ? begin : turn(random),
  }),
  (random) => ({ kind: 'repeat-event', which: random.between(0, 20), when: anywhen(random) }),
  (random) => ({
    kind: 'mix-events',
    events: random.between(2, 12),
    waits: Array.from({ length: 9 }, () => waits(random)),
    when: random.chance(0.6) ? begin : turn(random),
  }),
  (random) => ({ kind: 'cut-sockets', when: anywhen(random) }),
  (random) => ({ kind: 'lose-replies', answers: random.between(1, 8), when: anywhen(random) }),
  (random) => ({
    kind: 'cut-transfers',
    way: oneOf(random, 'upload', 'upload', 'download'),
    at: oneOf(random, 'begin', 'reply'),
    times: random.between(1, 3),
    when: { after: 'sent', delay: 0 },
  }),
  (random) => ({
    kind: 'fill-disk',
    lasts: random.pick([300, 1_500, 6_000, 40_000]),
    when: random.pick([turn, leave, wake, (): When => ({ after: 'asleep', delay: random.between(0, 600) })])(
      random,
    ),
  }),
  (random) => ({
    kind: 'skew-clock',
    by: random.pick([-4, -2, 2, 4, -30, 30]) * minute,
    when: random.chance(0.5) ? begin : turn(random),
  }),
];

export const faultOf = (random: Random): PlannedFault => random.pick(makers)(random);
