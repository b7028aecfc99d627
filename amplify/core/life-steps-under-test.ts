import fc from 'fast-check';

/** What happens in the life of one owner's agent. `crash`: the function that is called dies after so many calls of its ports. */
export type Step =
  | { act: 'send' | 'resend' | 'retry' | 'look' | 'type'; crash: number }
  | { act: 'boot' | 'work' | 'tool' | 'answer' | 'leave' | 'silence' | 'late'; task: number }
  /** `told`: when the functions hear of it. */
  | {
      act: 'stop' | 'lack' | 'notice';
      task: number;
      told: 'once' | 'twice' | 'late' | 'never';
      crash: number;
    }
  /** One of the events that are late comes now; `again`: and once more later. */
  | { act: 'deliver'; which: number; again: boolean; crash: number }
  | { act: 'phase'; task: number; version: number }
  | { act: 'sweep'; crash: number }
  | { act: 'wait'; seconds: number }
  | { act: 'capacity'; spot: boolean; onDemand: boolean }
  /** RunTask fails in other ways; `lost`: its answer does, there is a task all the same. */
  | { act: 'runTask'; works: 'yes' | 'no' | 'lost' }
  /** The kill switch of all spending. */
  | { act: 'spending'; stopped: boolean }
  /** The user stops the oldest message that is not final, wants the agent awake for so long, or asleep. */
  | { act: 'halt'; crash: number }
  | { act: 'keep'; seconds: number }
  | { act: 'sleep' }
  | { act: 'policy'; capacity: 'spot-only' | 'spot-first' | 'on-demand' }
  /** At the same time; `turns` says how long each call of a port takes. */
  | { act: 'together'; steps: Step[]; turns: number[] };

const task = fc.nat(3);
// Mostly no crash; else after so many calls of the ports.
const crash = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  fc.integer({ min: 1, max: 9 }),
);
const act = <Name extends string>(...names: Name[]) => fc.constantFrom(...names);
const single = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: act('send', 'resend', 'retry'), crash }) },
  { weight: 2, arbitrary: fc.record({ act: act('look', 'type'), crash }) },
  { weight: 6, arbitrary: fc.record({ act: act('boot', 'work', 'answer', 'leave'), task }) },
  { weight: 2, arbitrary: fc.record({ act: act('tool', 'silence', 'late'), task }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: act('stop', 'lack', 'notice'),
      task,
      told: act('once', 'once', 'twice', 'late', 'late', 'never'),
      crash,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: act('deliver'), which: fc.nat(5), again: fc.boolean(), crash }),
  },
  { weight: 1, arbitrary: fc.record({ act: act('halt'), crash }) },
  { weight: 1, arbitrary: fc.record({ act: act('keep'), seconds: fc.constantFrom(30, 300, 3_600) }) },
  { weight: 1, arbitrary: fc.record({ act: act('sleep') }) },
  { weight: 1, arbitrary: fc.record({ act: act('runTask'), works: act('yes', 'yes', 'no', 'lost') }) },
  { weight: 1, arbitrary: fc.record({ act: act('spending'), stopped: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: act('phase'), task, version: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: act('sweep'), crash }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: act('wait'), seconds: fc.constantFrom(1, 30, 119, 120, 121, 700) }),
  },
  { weight: 1, arbitrary: fc.record({ act: act('capacity'), spot: fc.boolean(), onDemand: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: act('policy'), capacity: act('spot-only', 'spot-first', 'on-demand') }),
  },
) as fc.Arbitrary<Step>;
const together: fc.Arbitrary<Step> = fc.record({
  act: act('together'),
  steps: fc.array(single, { minLength: 2, maxLength: 3, size: 'max' }),
  turns: fc.array(fc.nat(6), { minLength: 5, maxLength: 30, size: 'max' }),
});
/** A life's steps. */
export const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: together }),
  {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  },
);
/** The same step, in which no function dies. */
export const withoutCrash = (given: Step): Step => {
  if (given.act === 'together') return { ...given, steps: given.steps.map(withoutCrash) };
  return 'crash' in given ? { ...given, crash: Number.POSITIVE_INFINITY } : given;
};
