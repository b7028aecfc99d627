/** After message-view.js: core/task-grant.ts pullResult, as JSON. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const { lease, turns } = ctx.stash;
  return JSON.stringify({
    epoch: lease.epoch,
    wakeSeq: lease.wakeSeq,
    leaseExpiresAt: lease.leaseExpiresAt,
    sleepRequested: lease.sleepRequested ?? false,
    keepAwakeUntil: lease.keepAwakeUntil ?? null,
    messages: JSON.parse(ctx.prev.result.items).map((message, index) => ({ ...message, ...turns[index] })),
  });
}
