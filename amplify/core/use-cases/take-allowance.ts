import { type UsageLimits, type Use, usageWindows } from '../allowance.ts';
import { AppError } from '../error.ts';
import type { AllowanceStore, Clock, Log, OwnerHash } from '../ports.ts';

export interface AllowancePorts {
  allowances: AllowanceStore;
  limits: UsageLimits;
  now: Clock;
  log: Log;
  ownerHash: OwnerHash;
}

const codes = { message: 'message.rate_limited', task: 'task.rate_limited' } as const;

/**
 * Counts one use by an owner. Throws `message.rate_limited` or `task.rate_limited`, whose detail is the time (ISO 8601)
 * from which on another is allowed. Gives the way to take it back, for a use that turns out to be none.
 */
export async function takeAllowance(
  ports: AllowancePorts,
  owner: string,
  use: Use,
): Promise<() => Promise<void>> {
  const { day, expiresAt, windows } = usageWindows(use, ports.limits, ports.now());
  const usedUp = await ports.allowances.take({ owner, day, expiresAt }, windows);
  if (usedUp.length > 0) {
    const place = { owner: ports.ownerHash(owner), use };
    ports.log({
      level: 'warn',
      what: 'rate-limited',
      ...place,
      counters: usedUp.map(({ counter }) => counter),
    });
    const detail = new Date(Math.max(...usedUp.map(({ endsAt }) => endsAt))).toISOString();
    throw new AppError(codes[use], { retryable: true, detail });
  }
  return () => ports.allowances.giveBack({ owner, day, expiresAt }, windows);
}
