/** After a resolver that gives a lease's row: what people see of it, as JSON. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  return JSON.stringify(viewOf(ctx.prev.result));
}

/** What people see of a lease: core/agent.ts. */
function viewOf(lease) {
  const isWaking = lease.state === 'waking';
  const median = medianOf(lease.wakeMs ?? []);
  return {
    state: lease.state,
    revision: lease.revision,
    phase: isWaking ? (lease.phase ?? null) : null,
    phaseAt: isWaking ? (lease.phaseAt ?? null) : null,
    wakeStartedAt: isWaking ? (lease.wakeStartedAt ?? null) : null,
    medianWakeMs: median > 0 ? median : null,
    sleepsAt: lease.sleepsAt ?? null,
    keepAwakeUntil: lease.keepAwakeUntil ?? null,
    sleepRequested: lease.sleepRequested ?? null,
    error: lease.error ?? null,
  };
}

/** Without sorting: APPSYNC_JS sorts as text only. 0 for an empty list. */
function medianOf(durations) {
  const upper = atRank(durations, Math.floor(durations.length / 2));
  return durations.length % 2 === 1
    ? upper
    : Math.round((atRank(durations, durations.length / 2 - 1) + upper) / 2);
}

/** The number that would stand there (from 0) if the list were sorted. */
function atRank(durations, rank) {
  return (
    durations.find(
      (one) =>
        durations.filter((other) => other < one).length <= rank &&
        durations.filter((other) => other <= one).length > rank,
    ) ?? 0
  );
}
