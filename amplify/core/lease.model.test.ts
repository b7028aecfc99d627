import fc from 'fast-check';
import { describe, test } from 'vitest';
import { steps, withoutCrash } from './life-steps-under-test.ts';
import { live } from './live-under-test.ts';

/**
 * Random lives of one owner's agent: users look, type, send, resend, stop and retry, several at the same time, want the agent to stay or to
 * sleep; functions crash between any two of their writes; tasks start, pull, answer, leave, hand over, fall silent and are
 * lost; stops are announced and successors boot meanwhile; events repeat, overtake each other, come late or never;
 * capacity comes and goes, RunTask fails and its answers are lost, spending is stopped. MODEL_RUNS sets how many lives are lived
 * (default 100; `npm run test:deep`: 100,000 in each of the two tests).
 */
const numRuns = Number(process.env.MODEL_RUNS ?? 100);
/** A life takes some milliseconds, more on a busy machine. */
const timeout = 60_000 + 60 * numRuns;

describe('the life of an agent', () => {
  test(
    'has one holder, and nothing waits without one, as long as functions do not crash',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          await live(given.map(withoutCrash), true);
        }),
        { numRuns },
      );
    },
    timeout,
  );
});
