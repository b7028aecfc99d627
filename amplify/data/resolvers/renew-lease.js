import { util } from '@aws-appsync/utils';

const leaseMs = 120000;

/** The heartbeat: the holder's lease lives on. `sleepsAt`: unchanged when not given, gone when null. */
export function request(ctx) {
  const sets = ['#leaseExpiresAt = :expires'];
  const names = { '#leaseExpiresAt': 'leaseExpiresAt' };
  const values = { ':expires': util.time.nowEpochMilliSeconds() + leaseMs };
  let removes = '';
  if (Object.hasOwn(ctx.args, 'sleepsAt')) {
    names['#sleepsAt'] = 'sleepsAt';
    if (ctx.args.sleepsAt) {
      sets.push('#sleepsAt = :sleepsAt');
      values[':sleepsAt'] = ctx.args.sleepsAt;
    } else {
      removes = ' REMOVE #sleepsAt';
    }
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner }),
    update: {
      expression: `SET ${sets.join(', ')}${removes}`,
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: {
      // A task may be quicker than the record of its id.
      expression:
        '#ifEpoch = :ifEpoch AND (#ifTaskId = :ifTaskId OR attribute_not_exists(#ifTaskId) AND #ifState = :ifWaking)',
      expressionNames: { '#ifEpoch': 'epoch', '#ifTaskId': 'taskId', '#ifState': 'state' },
      expressionValues: util.dynamodb.toMapValues({
        ':ifEpoch': ctx.stash.epoch,
        ':ifTaskId': ctx.stash.taskId,
        ':ifWaking': 'waking',
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.lease = ctx.result;
  return null;
}
