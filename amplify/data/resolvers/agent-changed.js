/** After agent-view.js: tells the owner's pages, and the owner's task, how the agent now is. */
export function request() {
  return { payload: null };
}

/** The owner is the one that authorize-task.js found, or the user who calls. */
export function response(ctx) {
  return {
    owner: ctx.stash.owner ?? ctx.identity.sub,
    kind: 'agent.changed',
    conversationId: null,
    messageId: null,
    body: `{"agent":${ctx.prev.result}}`,
  };
}
