import { util } from '@aws-appsync/utils';

/** Leaves the owner's lease in the stash, if the calling task holds it. Writes check it again. */
export function request(ctx) {
  const key = util.dynamodb.toMapValues({ owner: ctx.stash.owner });
  return { operation: 'GetItem', key, consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const lease = ctx.result;
  // A task may be quicker than the record of its id.
  const isRecorded = lease && (lease.taskId || lease.state !== 'waking');
  if (!lease || lease.epoch !== ctx.stash.epoch || (isRecorded && lease.taskId !== ctx.stash.taskId)) {
    util.error('The task does not hold the lease', 'DynamoDB:ConditionalCheckFailedException');
  }
  ctx.stash.lease = lease;
  return null;
}
