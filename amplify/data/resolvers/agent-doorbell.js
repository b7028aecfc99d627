import { extensions, util } from '@aws-appsync/utils';

/** What makes a task pull. AppSync takes five values at most. */
const rings = [
  'message.accepted',
  'message.stopping',
  'message.finished',
  'message.approval',
  'agent.changed',
];

export function request() {
  return { payload: null };
}

/** After authorize-task.js. */
export function response(ctx) {
  extensions.setSubscriptionFilter(
    util.transform.toSubscriptionFilter({ owner: { eq: ctx.stash.owner }, kind: { in: rings } }),
  );
  return null;
}
