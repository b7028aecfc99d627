import { expect } from 'vitest';
import { isFree } from './lease.ts';
import type { Step } from './life-steps-under-test.ts';
import { life, owner } from './life-under-test.ts';
import { isFinal } from './message.ts';

/** Lives a list of steps and checks after each what must always hold. */
export async function live(given: readonly Step[], isCrashFree: boolean): Promise<ReturnType<typeof life>> {
  const one = life();
  const { world, run, sent } = one;
  const holders = new Map<number, string>();
  let epoch = 0;
  for (const each of given) {
    const before = world.lease(owner);
    await run(each);
    const row = world.lease(owner);
    if (!row) continue;
    expect(row.epoch, 'epochs only grow').toBeGreaterThanOrEqual(epoch);
    if (before?.taskId !== undefined && row.epoch > before.epoch) {
      const isOver = (before.leaseExpiresAt ?? 0) <= world.clock.now;
      const isGone = !world.runner.tasks.has(before.taskId);
      const isReleased =
        each.act === 'leave' || (each.act === 'together' && each.steps.some((step) => step.act === 'leave'));
      expect(
        isOver || isGone || isReleased,
        'a holder is replaced when its time is over or its task is gone',
      ).toBe(true);
    }
    epoch = row.epoch;
    if (row.taskId !== undefined && row.state !== 'waking') {
      expect(holders.get(epoch) ?? row.taskId, 'one task serves an epoch').toBe(row.taskId);
      holders.set(epoch, row.taskId);
    }
    if (!isFree(row)) expect(row.leaseExpiresAt, 'a hold has an end').toBeDefined();
    if (isCrashFree && isFree(row)) {
      const waiting = sent.filter((key) => {
        const message = world.message(owner, key);
        return message && !isFinal(message.status);
      });
      expect(waiting, 'while something waits, somebody holds or held the lease').toEqual([]);
    }
  }
  return one;
}
