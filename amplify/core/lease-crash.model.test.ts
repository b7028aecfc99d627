import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steps } from './life-steps-under-test.ts';
import { owner } from './life-under-test.ts';
import { live } from './live-under-test.ts';
import { isRetryable } from './message.ts';
import { pendingKey } from './message-row.ts';

/** As lease.model.test.ts, with functions that die at any time. In a file of its own: the two run side by side. */
const numRuns = Number(process.env.MODEL_RUNS ?? 100);
/** A life takes some milliseconds, more on a busy machine. */
const timeout = 60_000 + 60 * numRuns;

describe('the life of an agent', () => {
  test(
    'loses no message, answers none twice and runs no tool again, whatever crashes',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          const { world, comeToRest, sent, accepted, committed, usedTools } = await live(given, false);
          await comeToRest();
          const row = world.lease(owner);
          for (const taskId of world.runner.tasks.keys())
            expect([row?.taskId, row?.successor?.taskId], 'no task runs that nobody waits for').toContain(
              taskId,
            );
          for (const [attempt, epochs] of usedTools)
            expect([...epochs], `tools of ${attempt} ran in one task`).toHaveLength(1);
          for (const [attempt, count] of committed) expect(count, attempt).toBe(1);
          for (const key of sent) {
            const message = world.message(owner, key);
            if (accepted.has(pendingKey(key))) expect(message, 'an accepted message is stored').toBeDefined();
            if (!message) continue;
            if (message.status === 'answered')
              expect(committed.has(`${pendingKey(key)}:${message.attempt}`)).toBe(true);
            else expect(isRetryable(message.status), `${message.status} can be retried`).toBe(true);
          }
        }),
        { numRuns },
      );
    },
    timeout,
  );
});
