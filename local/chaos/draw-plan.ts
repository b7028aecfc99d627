import type { Step } from './agent/script.ts';
import { faultOf } from './draw-fault.ts';
import { idleSeconds, type Plan, type PlannedMessage, type When } from './plan.ts';
import { type Random, randomOf } from './random.ts';

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
