import { util } from '@aws-appsync/utils';

/**
 * Begins every agent* field. The caller must be a session of the task role; ECS names the session after the task.
 * The task's row gives its owner: no argument ever does. Leaves owner, epoch and taskId in the stash.
 */
export function request(ctx) {
  // arn:aws:sts::<account>:assumed-role/<role>/<session>
  const parts = (ctx.identity?.userArn ?? '').split('/');
  const role = parts[1];
  const taskId = parts[2];
  if (!parts[0].endsWith(':assumed-role') || !role || !taskId || role !== ctx.env.TASK_ROLE_NAME) {
    util.error('unauthorized: the caller is no task', 'unauthorized');
  }
  ctx.stash.taskId = taskId;
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ taskId }), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const session = ctx.result;
  if (!session || session.stoppedAt || session.expiresAt <= util.time.nowEpochSeconds()) {
    util.error('unauthorized: the task has no session', 'unauthorized');
  }
  ctx.stash.owner = session.owner;
  ctx.stash.epoch = session.epoch;
  return null;
}
