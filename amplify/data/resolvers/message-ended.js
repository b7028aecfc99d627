/**
 * After message-view.js: tells the owner's pages and task that the message has ended, or (it is in work) that it is to
 * stop.
 */
export function request() {
  return { payload: null };
}

/** The owner is the one that authorize-task.js found, or the user who calls. */
export function response(ctx) {
  const message = JSON.parse(ctx.prev.result);
  const isOpen = message.status === 'queued' || message.status === 'working';
  ctx.stash.isNews = !isOpen && message.status !== 'stopped' && message.channel === 'web';
  return {
    owner: ctx.stash.owner ?? ctx.identity.sub,
    kind: isOpen ? 'message.stopping' : 'message.finished',
    conversationId: message.conversationId,
    messageId: message.id,
    body: isOpen ? '{}' : JSON.stringify({ message: fitting(message, ctx.prev.result.length) }),
  };
}

/**
 * AppSync drops an event of more than 240 KB: what tools took and gave, which can be much, is then left to a later
 * reading of the row.
 */
function fitting(message, length) {
  return length > 60000
    ? { ...message, tools: message.tools.map((tool) => ({ ...tool, input: '', output: '' })) }
    : message;
}
