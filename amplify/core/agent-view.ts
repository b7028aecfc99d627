import type { AgentView } from './agent.ts';
import type { Lease } from './lease.ts';

/** The middle of a list of durations, milliseconds; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2);
}

/** What people see of a lease. */
export function viewOf(lease: Lease): AgentView {
  const wakeMs = median(lease.wakeMs);
  return {
    state: lease.state,
    revision: lease.revision,
    ...(lease.state === 'waking' && {
      phase: lease.phase,
      phaseAt: lease.phaseAt,
      wakeStartedAt: lease.wakeStartedAt,
    }),
    ...(wakeMs !== undefined && wakeMs > 0 && { medianWakeMs: wakeMs }),
    ...(lease.sleepsAt && { sleepsAt: lease.sleepsAt }),
    ...(lease.keepAwakeUntil && { keepAwakeUntil: lease.keepAwakeUntil }),
    ...(lease.sleepRequested && { sleepRequested: true }),
    ...(lease.error && { error: lease.error }),
  };
}
