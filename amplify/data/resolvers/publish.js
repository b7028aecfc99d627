import { util } from '@aws-appsync/utils';

const kinds = ['message.delta', 'message.tool', 'message.progress', 'message.approval'];

/** What a task may tell the pages of the one it serves, without storing it. */
export function request(ctx) {
  const { kind, conversationId, messageId, body } = ctx.args;
  if (!kinds.includes(kind)) {
    util.error(`event.malformed: a task publishes ${kinds.join(', ')}`, 'event.malformed');
  }
  const text = JSON.stringify(body);
  if (!text.startsWith('{')) {
    util.error('event.malformed: the body is no object', 'event.malformed');
  }
  if (Object.hasOwn(body, 'epoch') && body.epoch !== ctx.stash.epoch) {
    util.error('event.malformed: the epoch is not that of the task', 'event.malformed');
  }
  return {
    payload: { owner: ctx.stash.owner, kind, conversationId, messageId, body: text },
  };
}

export function response(ctx) {
  return ctx.result;
}
